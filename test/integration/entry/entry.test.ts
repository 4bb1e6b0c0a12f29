import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createCheckout, finish, startEntry, writeLock, type EntryRun } from "./fixture.ts";

const { node: pinned } = process.versions;
let root: string;

beforeEach(() => {
  root = createCheckout();
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<EntryRun> {
  return finish(startEntry(root, args, environment));
}

test("a fresh checkout is installed once, and its program runs on the pinned Node.js", async () => {
  const first = await run(["start", "0", "--config", "my file.yaml"]);
  expect(first.stdout).toBe(`node ${pinned} start ["0","--config","my file.yaml"]\n`);
  expect(first.stderr).toContain(
    "Installing packages with npm, once (nothing is installed yet) ...\n",
  );
  expect(first.stderr).toMatch(/Installed in \d+ s\.\n$/);
  expect(first.code).toBe(0);

  const second = await run(["start"]);
  expect(second).toEqual({ code: 0, stdout: `node ${pinned} start []\n`, stderr: "" });
});

test("the exit code is the program's", async () => {
  expect((await run(["start", "7"])).code).toBe(7);
});

test("an interrupted install is done again", async () => {
  await run(["install"]);
  // npm writes this file last.
  rmSync(join(root, "node_modules/.package-lock.json"));
  const again = await run(["start"]);
  expect(again.stderr).toContain("(nothing is installed yet)");
  expect(again.stdout).toBe(`node ${pinned} start []\n`);
});

test("a lock file that changed, or a package that was removed, is installed again", async () => {
  await run(["install"]);
  writeLock(root, "2");
  expect((await run(["install"])).stderr).toContain("(node_modules/node has another version)");
  rmSync(join(root, "node_modules/node"), { recursive: true });
  expect((await run(["install"])).stderr).toContain("(node_modules/node was removed)");
  expect((await run(["install"])).stderr).toBe("");
});

test("where npm runs no install scripts, the pinned Node.js is fetched all the same", async () => {
  const result = await run(["start"], { npm_config_ignore_scripts: "true" });
  expect(result.stderr).toContain(
    `Fetching Node.js ${pinned} (its install script did not run) ...\n`,
  );
  expect(result.stdout).toBe(`node ${pinned} start []\n`);
});

test("a pinned Node.js that does not run is said with what to do, and nothing is started", async () => {
  await run(["install"]);
  const script = join(root, "node_modules/node/installArchSpecificPackage.js");
  writeFileSync(script, "");
  rmSync(join(root, "node_modules/node/bin/node"));
  const result = await finish(startEntry(root, ["start"], {}, ["--import", pretend("20.9.0")]));
  expect(result.code).toBe(1);
  expect(result.stdout).toBe("");
  expect(result.stderr).toContain(`Node.js ${pinned} could not be installed into node_modules.`);

  writeFileSync(join(root, "node_modules/node/bin/node"), "#!/bin/sh\nexit 1\n");
  chmodSync(join(root, "node_modules/node/bin/node"), 0o755);
  expect(
    (await finish(startEntry(root, ["start"], {}, ["--import", pretend("20.9.0")]))).code,
  ).toBe(1);
});

test("a failed install says so, starts nothing, and does not count as done", async () => {
  rmSync(join(root, "node.tgz"));
  for (const attempt of [1, 2]) {
    const result = await run(["start"]);
    expect(result.code, `attempt ${attempt}`).toBe(1);
    expect(result.stdout).toBe("");
    expect(result.stderr).toMatch(/npm ci ended with \d+: packages are missing\./);
  }
});

test("an install that was killed leaves a lock that the next one takes over", async () => {
  // No process has this id: it is above what Linux and macOS hand out.
  mkdirSync(join(root, ".cache"));
  writeFileSync(join(root, ".cache/installing"), "99999999");
  expect((await run(["start"])).stdout).toBe(`node ${pinned} start []\n`);
});

test("two commands started together install once", async () => {
  const results = await Promise.all([run(["start", "0"]), run(["start", "0"])]);
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  const installs = results.filter(({ stderr }) => stderr.includes("Installing packages"));
  expect(installs).toHaveLength(1);
});

test("a SIGTERM reaches the program, whose exit code stays", async () => {
  await run(["install"]);
  const child = startEntry(root, ["start", "wait"]);
  const ended = finish(child);
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  await sleep(100);
  child.kill("SIGTERM");
  expect((await ended).code).toBe(42);
});

test("when npm's shell is killed, the program that it started ends as well", async () => {
  await run(["install"]);
  const command = `node scripts/run.mjs start wait; true`;
  const env = { ...process.env, npm_lifecycle_event: "start" };
  const shell = spawn("/bin/sh", ["-c", command], { cwd: root, env });
  const closed = once(shell.stdout, "close");
  await once(shell.stdout, "data");
  shell.kill("SIGKILL");
  // Its output is open as long as anybody lives who was started by it.
  await closed;
  expect(shell.stdout.closed).toBe(true);
});

test("a Node.js that is too old is told apart at once", async () => {
  const result = await finish(startEntry(root, ["start"], {}, ["--import", pretend("18.20.4")]));
  expect(result).toEqual({
    code: 1,
    stdout: "",
    stderr: "Ringfence needs Node.js 20 or newer to start, and this is v18.20.4.\n",
  });
});

test("an unknown command is answered with the known ones", async () => {
  expect(await run(["toString"])).toEqual({
    code: 2,
    stdout: "",
    stderr: "usage: node scripts/run.mjs install|start|test|e2e [arguments]\n",
  });
});

/** A module that makes Node.js believe that it has another version. */
function pretend(version: string): string {
  const code =
    `const versions = { ...process.versions, node: "${version}" };` +
    `Object.defineProperty(process, "versions", { value: versions });` +
    `Object.defineProperty(process, "version", { value: "v${version}" });`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
