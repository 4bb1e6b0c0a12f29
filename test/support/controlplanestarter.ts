// A process that starts a control plane, tells its directory, and waits to be killed.
import { pino } from "pino";
import { startControlPlane } from "../../src/controlplane/start.ts";
import { loadAssets } from "./controlplane.ts";

const signal = new AbortController().signal;
const assets = await loadAssets(process.argv[2] ?? "", signal);
const { directory } = await startControlPlane({ assets, log: pino({ level: "silent" }) }, signal);
process.stdout.write(`${directory}\n`);
setInterval(() => undefined, 1000);
