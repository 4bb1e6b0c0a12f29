import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";
import { launch } from "./launch.mjs";
import { findRuntime } from "./runtime.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** What runs for each command, on the pinned Node.js; nothing for `install`. */
const programs = {
  install: [],
  start: ["src/main.ts", "start"],
  test: ["scripts/run/test.ts", "test"],
  e2e: ["scripts/run/test.ts", "e2e"],
};

/** Installs what is missing, then runs the command's program to its end; returns the exit code. */
export async function run(command, args) {
  const program = Object.hasOwn(programs, command ?? "") ? programs[command] : undefined;
  if (program === undefined) {
    console.error(`usage: node scripts/run.mjs ${Object.keys(programs).join("|")} [arguments]`);
    return 2;
  }
  if (!(await install(root))) return 1;
  const runtime = await findRuntime(root);
  if (runtime === undefined) return 1;
  const [file, ...first] = program;
  if (file === undefined) return 0;
  return launch(runtime, [resolve(root, file), ...first, ...args], { cwd: process.cwd() });
}
