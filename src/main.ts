import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { CommanderError } from "commander";
import type { Logger } from "pino";
import { systemNamespace } from "./api/names.ts";
import { withManifestCommands } from "./cli/manifestcommands.ts";
import { createProgram } from "./cli/program.ts";
import { tryGiven } from "./wiring/tour.ts";

// Whatever a command needs is loaded when it runs: the offline ones start in no time.
const root = dirname(import.meta.dirname);
const environment = process.env;
const certificates = join(root, "certs");
const examples = join(root, "docs", "examples");
const print = (text: string): boolean =>
  process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);

/** Runs a command until it ends or a signal asks it to; mistakes of the user's are one plain message. */
async function run(
  options: { readonly logLevel: string },
  load: () => Promise<(log: Logger, signal: AbortSignal) => Promise<void>>,
): Promise<number> {
  const stop = new AbortController();
  // Not `once`: npm and the terminal both send it, and the second would kill us while we leave.
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stop.abort());
  const { createLog } = await import("./wiring/log.ts");
  const log = createLog(options.logLevel);
  try {
    const command = await load();
    // Not before everything is loaded: some packages give their prototypes methods of their own.
    await command(log, stop.signal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return 0;
    const { UsageError } = await import("./wiring/settings.ts");
    if (error instanceof UsageError) print(error.message);
    else log.fatal({ err: error }, "ringfence ends");
    return error instanceof UsageError ? 2 : 1;
  } finally {
    log.flush();
  }
}

function onGuarding({ server }: { readonly server: string }): void {
  print(tryGiven(server));
}

/** The kubeconfig that kubectl would use when nothing names one. */
function usualKubeconfig(): string {
  return environment["KUBECONFIG"] || join(environment["HOME"] ?? "/", ".kube", "config");
}

async function version(): Promise<string> {
  const text = await readFile(join(root, "package.json"), "utf8").catch(() => "{}");
  const parsed: { readonly version?: string } = JSON.parse(text);
  return parsed.version ?? "unknown";
}

function exit(code: number): void {
  process.exitCode = code;
}

const { KUBECONFIG: kubeconfig } = environment;
const program = createProgram(
  {
    start: (options) =>
      run(options, async () => {
        const { runStart } = await import("./wiring/start.ts");
        return (log, signal) =>
          runStart(
            { options, environment, log, certificates, examples, terminal: process.stderr },
            signal,
          );
      }),
    dev: (options) =>
      run(options, async () => {
        const own = { ...options, kubeconfig: options.kubeconfig ?? usualKubeconfig() };
        const { runDev } = await import("./wiring/dev.ts");
        return (log, signal) => runDev({ options: own, log, certificates, onGuarding }, signal);
      }),
    webhook: (options) =>
      run(options, async () => {
        const { runWebhook } = await import("./wiring/webhook.ts");
        return (log, signal) => runWebhook({ options, environment, log }, signal);
      }),
    controller: (options) =>
      run(options, async () => {
        const { runController } = await import("./wiring/controller.ts");
        return (log, signal) => runController({ options, environment, log }, signal);
      }),
  },
  {
    version: await version(),
    namespace: environment["POD_NAMESPACE"] ?? systemNamespace,
    identity: environment["POD_NAME"] ?? hostname(),
    ...(kubeconfig ? { kubeconfig } : {}),
  },
  exit,
);
withManifestCommands(
  program,
  {
    lint: async (paths, options) => {
      const { lintManifests } = await import("./wiring/lint.ts");
      Object.freeze(Object.prototype);
      const { stdin, stdout, stderr } = process;
      // Whoever reads the report may stop reading; a full disk is another matter.
      stdout.on("error", (error) => ("code" in error && error.code === "EPIPE" ? null : exit(2)));
      const wantsColours = !environment["NO_COLOR"];
      return lintManifests(paths, options, { stdin, stdout, stderr, wantsColours });
    },
    explain: async (rule) => (await import("./wiring/explain.ts")).runExplain(rule, process),
  },
  exit,
);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // The message is out; 1 would mean that something was found.
  exit(error.exitCode === 0 ? 0 : 2);
}
