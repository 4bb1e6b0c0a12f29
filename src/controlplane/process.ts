import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type ProcessPlan = Readonly<{
  name: string;
  file: string;
  args: readonly string[];
  /** Its working directory. */
  directory: string;
  logFile: string;
  /** Removed when we die without having stopped the process. */
  temporaryDirectory: string | undefined;
}>;

export type SupervisedProcess = Readonly<{
  name: string;
  pid: number;
  /** Settles when the process has ended, with a phrase that says how. */
  ended: Promise<string>;
  hasEnded: () => boolean;
  /** Whether we asked for the end; otherwise it came by itself. */
  wasToldToEnd: () => boolean;
  /** The last lines of its log, for error messages. */
  logTail: () => Promise<string>;
  /** SIGKILL, and wait for the end. */
  kill: () => Promise<void>;
  /** SIGTERM, SIGKILL after three seconds, and wait for the end. */
  stop: () => Promise<void>;
}>;

/** Starts a process that cannot outlive this one, however this one dies. */
export async function startProcess(plan: ProcessPlan): Promise<SupervisedProcess> {
  await mkdir(dirname(plan.logFile), { recursive: true });
  const log = await open(plan.logFile, "a", 0o600);
  // An own process group keeps a Ctrl-C on the terminal away: we stop things in order ourselves.
  // An empty environment, because etcd reads its configuration from ETCD_* variables.
  const child = spawn(plan.file, plan.args, {
    cwd: plan.directory,
    detached: true,
    env: {},
    stdio: ["ignore", log.fd, log.fd],
  });
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  let hasEnded = false;
  let wasToldToEnd = false;
  const end = (how: string): void => {
    hasEnded = true;
    resolve(how);
  };
  child.once("error", (error) => end(`could not be started: ${error.message}`));
  child.once("exit", (code, signal) =>
    end(signal === null ? `exited with code ${code}` : `ended by ${signal}`),
  );
  await log.close();
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${plan.name} ${await ended}`);
  const watchdog = startWatchdog(pid, plan.temporaryDirectory);
  void ended.then(() => watchdog.kill("SIGKILL"));
  const kill = async (): Promise<void> => {
    wasToldToEnd = true;
    if (!hasEnded) child.kill("SIGKILL");
    await ended;
  };
  return {
    name: plan.name,
    pid,
    ended,
    hasEnded: () => hasEnded,
    wasToldToEnd: () => wasToldToEnd,
    logTail: async () =>
      (await readFile(plan.logFile, "utf8")).trimEnd().split("\n").slice(-15).join("\n"),
    kill,
    stop: async () => {
      wasToldToEnd = true;
      if (!hasEnded) child.kill("SIGTERM");
      await Promise.race([ended, sleep(3000, undefined, { ref: false })]);
      await kill();
    },
  };
}

// Reads a pipe that only we hold the other end of: when we die, even by SIGKILL, the pipe closes and
// the watchdog ends the process. It has an own process group and ignores the terminal's signals.
const watchdogScript = `trap "" INT TERM HUP
while read -r _; do :; done
kill -9 "$1" 2>/dev/null
if [ -n "$2" ]; then sleep 1; rm -rf "$2"; fi`;

function startWatchdog(pid: number, temporaryDirectory: string | undefined): ChildProcess {
  const args = ["-c", watchdogScript, "ringfence-watchdog", String(pid), temporaryDirectory ?? ""];
  const watchdog = spawn("/bin/sh", args, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  watchdog.unref();
  watchdog.stdin?.on("error", () => undefined);
  if (
    watchdog.stdin !== null &&
    "unref" in watchdog.stdin &&
    typeof watchdog.stdin.unref === "function"
  ) {
    watchdog.stdin.unref();
  }
  return watchdog;
}
