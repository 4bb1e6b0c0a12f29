import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isProcessAlive } from "../../../src/controlplane/lock.ts";
import { startProcess, type SupervisedProcess } from "../../../src/controlplane/process.ts";
import { waitUntil } from "../../../src/controlplane/readiness.ts";
import { writeScript } from "../../support/controlplanefakes.ts";

const parent = fileURLToPath(new URL("../../support/controlplaneparent.ts", import.meta.url));
const never = new AbortController().signal;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ringfence-process-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function startScript(lines: readonly string[]): Promise<SupervisedProcess> {
  const file = join(directory, "program");
  await writeScript(file, lines);
  const logFile = join(directory, "logs", "program.log");
  return startProcess({
    name: "program",
    file,
    args: [],
    directory,
    logFile,
    temporaryDirectory: undefined,
  });
}

test("a process is stopped by SIGTERM", async () => {
  const child = await startScript(["exec sleep 100"]);
  await child.stop();
  expect(await child.ended).toBe("ended by SIGTERM");
  expect(isProcessAlive(child.pid)).toBe(false);
});

test("a process that ignores SIGTERM is killed after three seconds", async () => {
  const child = await startScript(['trap "" TERM', "echo ready", "while :; do sleep 1; done"]);
  await waitUntil(async () => (await child.logTail()).includes("ready"), child, 10_000, never);
  await child.stop();
  expect(await child.ended).toBe("ended by SIGKILL");
});

test("a process that ends before it is ready is reported with the end of its log", async () => {
  const child = await startScript(["echo 'bad flag' >&2", "exit 3"]);
  const waiting = waitUntil(() => Promise.resolve(false), child, 10_000, never);
  await expect(waiting).rejects.toThrow(
    "program exited with code 3 before it was ready:\nbad flag",
  );
});

test("a process that never gets ready is reported when its time is up", async () => {
  const child = await startScript(["echo starting", "exec sleep 100"]);
  await expect(waitUntil(() => Promise.resolve(false), child, 1000, never)).rejects.toThrow(
    "program was not ready after 1 s:\nstarting",
  );
  await child.kill();
});

test("a file that cannot be started is an error that says so", async () => {
  const file = join(directory, "missing");
  const logFile = join(directory, "log");
  const plan = {
    name: "program",
    file,
    args: [],
    directory,
    logFile,
    temporaryDirectory: undefined,
  };
  await expect(startProcess(plan)).rejects.toThrow(
    `program could not be started: spawn ${file} ENOENT`,
  );
});

test("the variables of our own environment do not reach a process", async () => {
  vi.stubEnv("ETCD_DATA_DIR", "/somewhere/else");
  const child = await startScript(["/usr/bin/env"]);
  await child.ended;
  expect(await child.logTail()).not.toContain("ETCD_DATA_DIR");
  vi.unstubAllEnvs();
});

test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
  "when its parent dies by %s the process ends, and the temporary directory goes",
  async (signal) => {
    const child = spawn(process.execPath, [parent, directory, "/bin/sleep", "1000"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { promise, resolve } = Promise.withResolvers<number>();
    child.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString())));
    const pid = await promise;
    expect(isProcessAlive(pid)).toBe(true);
    child.kill(signal);
    await vi.waitFor(() => expect(isProcessAlive(pid)).toBe(false), 10_000);
    await vi.waitFor(() => expect(existsSync(directory)).toBe(false), 10_000);
  },
);
