import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { pino, type Logger } from "pino";
import { systemNamespace } from "./api/names.ts";
import { createProgram } from "./cli/program.ts";
import { runController } from "./wiring/controller.ts";
import { runDev } from "./wiring/dev.ts";
import { UsageError } from "./wiring/settings.ts";
import { runStart } from "./wiring/start.ts";
import { tryGiven } from "./wiring/tour.ts";
import { runWebhook } from "./wiring/webhook.ts";

const root = dirname(import.meta.dirname);
const environment = process.env;
const certificates = join(root, "certs");
const examples = join(root, "docs", "examples");
const print = (text: string): boolean =>
  process.stderr.write(text.endsWith("\n") ? text : `${text}\n`);

/** Runs a command until it ends or a signal asks it to; mistakes of the user's are one plain message. */
async function run(
  options: { readonly logLevel: string },
  command: (log: Logger, signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const stop = new AbortController();
  const log = pino(
    { level: options.logLevel, base: null },
    pino.destination({ dest: 1, sync: false }),
  );
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  try {
    await command(log, stop.signal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return 0;
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

Object.freeze(Object.prototype);
const { KUBECONFIG: kubeconfig } = environment;
const program = createProgram(
  {
    start: (options) =>
      run(options, (log, signal) =>
        runStart({ options, environment, log, certificates, examples, print }, signal),
      ),
    dev: (options) =>
      run(options, (log, signal) => {
        const own = { ...options, kubeconfig: options.kubeconfig ?? usualKubeconfig() };
        return runDev({ options: own, log, certificates, onGuarding }, signal);
      }),
    webhook: (options) =>
      run(options, (log, signal) => runWebhook({ options, environment, log }, signal)),
    controller: (options) =>
      run(options, (log, signal) => runController({ options, environment, log }, signal)),
  },
  {
    version: await version(),
    namespace: environment["POD_NAMESPACE"] ?? systemNamespace,
    identity: environment["POD_NAME"] ?? hostname(),
    ...(kubeconfig ? { kubeconfig } : {}),
  },
  (code) => {
    process.exitCode = code;
  },
);
await program.parseAsync();
