import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedControlPlane } from "./controlplane.ts";

const root = new URL("../..", import.meta.url).pathname;
/** However busy the machine is; below the limit of a hook, which would not say what is missing. */
const readyMs = 50_000;

const defaults = "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\n";

export type RingfenceOptions = {
  /** YAML of the configuration; the defaults when absent. */
  readonly configuration?: string;
  /** Default: the shared control plane, as an identity of its own. */
  readonly kubeconfig?: string;
};

export type Ringfence = {
  readonly process: ChildProcess;
  /** The JSON lines logged so far. */
  readonly lines: () => readonly { readonly [field: string]: unknown }[];
  /** Everything written so far, for messages of failed tests. */
  readonly output: () => string;
  /** Writes the configuration file anew; resolves once it is loaded, with false when it is bad. */
  readonly reconfigure: (configuration: string) => Promise<boolean>;
  /** Ctrl-C; resolves with the exit code once the registration is taken back. */
  readonly stop: (signal?: "SIGINT" | "SIGTERM") => Promise<number | null>;
  /** SIGKILL; what was registered stays. */
  readonly kill: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Runs `ringfence dev` against a control plane, as a user would; resolves once it guards. */
export async function startRingfence(options: RingfenceOptions = {}): Promise<Ringfence> {
  const directory = await mkdtemp(join(tmpdir(), "ringfence-test-"));
  const kubeconfig = options.kubeconfig ?? sharedControlPlane().kubeconfigs["ringfence-dev"] ?? "";
  const file = join(directory, "ringfence.yaml");
  await writeFile(file, options.configuration ?? defaults);
  const args = [join(root, "src/main.ts"), "dev", "--kubeconfig", kubeconfig, "--config", file];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let log = "";
  child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, "exit");
  // A test that fails before it stops Ringfence must not leave it behind.
  const orphaned = (): void => void child.kill("SIGKILL");
  process.once("exit", orphaned);

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    process.off("exit", orphaned);
    await rm(directory, { recursive: true, force: true });
    return child.exitCode;
  };
  await waitFor(
    // It loads the file once more when it begins to follow it.
    () => output.includes("Ringfence guards") && log.includes('"configuration loaded"'),
    () => child.exitCode !== null,
  ).catch(async (error: unknown) => {
    await end("SIGKILL");
    throw new Error(`ringfence did not start: ${output}${log}`, { cause: error });
  });
  return {
    process: child,
    lines: () => log.split("\n").slice(0, -1).map(parseLine),
    output: () => `${output}${log}`,
    reconfigure: async (configuration) => {
      const from = log.length;
      // In one step, as a mounted ConfigMap changes: half a file would be reported as a bad one.
      await writeFile(`${file}.new`, configuration);
      await rename(`${file}.new`, file);
      const outcome = /"msg":"(configuration loaded|the configuration file is bad)/;
      await waitFor(
        () => outcome.test(log.slice(from)),
        () => child.exitCode !== null,
      );
      return outcome.exec(log.slice(from))?.[1] === "configuration loaded";
    },
    stop: (signal = "SIGINT") => end(signal),
    kill: async () => void (await end("SIGKILL")),
    [Symbol.asyncDispose]: async () => void (await end("SIGINT")),
  };
}

async function waitFor(isDone: () => boolean, isLost: () => boolean): Promise<void> {
  const end = Date.now() + readyMs;
  while (!isDone()) {
    if (isLost()) throw new Error("it ended");
    if (Date.now() > end) throw new Error(`it is not ready after ${readyMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function parseLine(line: string): { readonly [field: string]: unknown } {
  const parsed: { readonly [field: string]: unknown } = JSON.parse(line);
  return parsed;
}
