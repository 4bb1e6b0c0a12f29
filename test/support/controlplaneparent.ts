// A process that starts a program under supervision, tells its id, and waits to be killed.
import { join } from "node:path";
import { startProcess } from "../../src/controlplane/process.ts";

const [directory = "", file = "", ...args] = process.argv.slice(2);
const child = await startProcess({
  name: "child",
  file,
  args,
  directory,
  logFile: join(directory, "child.log"),
  temporaryDirectory: directory,
});
process.stdout.write(`${child.pid}\n`);
setInterval(() => undefined, 1000);
