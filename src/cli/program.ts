import { Command, InvalidArgumentError, Option } from "commander";
import type { ControllerOptions, DevOptions, StartOptions, WebhookOptions } from "./options.ts";

/** What the commands do; resolves with the exit code. */
export type Actions = {
  readonly start: (options: StartOptions) => Promise<number>;
  readonly dev: (options: DevOptions) => Promise<number>;
  readonly webhook: (options: WebhookOptions) => Promise<number>;
  readonly controller: (options: ControllerOptions) => Promise<number>;
};

/** Values that the surroundings give to options nobody typed. */
export type Surroundings = {
  readonly version: string;
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly identity: string;
};

/** The command line, without behaviour: parse, then call one of `actions`. */
export function createProgram(
  actions: Actions,
  around: Surroundings,
  exit: (code: number) => void,
): Command {
  const program = new Command("ringfence")
    .description("Pod Security Admission, but for the network")
    .version(around.version)
    .showHelpAfterError();
  const run = <O>(action: (options: O) => Promise<number>) => {
    return async (options: O): Promise<void> => exit(await action(options));
  };

  withDev(program.command("start"), around)
    .description("guard the cluster of a kubeconfig, or a local one started for the purpose")
    .option("--kubernetes <minor>", "minor version of the local control plane")
    .action(run(actions.start));
  withDev(program.command("dev"), around)
    .description("guard the cluster of the current kubeconfig from this machine")
    .action(run(actions.dev));
  withCluster(program.command("webhook"), around)
    .description("serve verdicts inside the cluster")
    .option("--listen <address>", "address to listen on", "::")
    .option("--port <number>", "port of the webhook", port, 9443)
    .option("--service <name>", "Service in front of the replicas", "ringfence-webhook")
    .action(run(actions.webhook));
  withCluster(program.command("controller"), around)
    .description("give every namespace its deny-all")
    .option("--identity <name>", "name of this replica", around.identity)
    .action(run(actions.controller));
  return program;
}

function withServe(command: Command): Command {
  return command
    .option("--config <file>", "configuration file")
    .addOption(
      new Option("--log-level <level>", "least severe level to log")
        .choices(["debug", "info", "warn", "error", "silent"])
        .default("info"),
    );
}

function withDev(command: Command, around: Surroundings): Command {
  return withServe(command)
    .addOption(
      withDefault(
        new Option("--kubeconfig <file>", "kubeconfig of the cluster"),
        around.kubeconfig,
      ),
    )
    .option("--context <name>", "context of the kubeconfig")
    .option("--listen <address>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "port of the webhook, 0 for a free one", port, 0)
    .option(
      "--advertise <host>",
      "host name or address by which the API server reaches this machine",
      "127.0.0.1",
    )
    .option("--health-port <number>", "port of livez, readyz and metrics; none when absent", port);
}

function withCluster(command: Command, around: Surroundings): Command {
  return withServe(command)
    .option("--kubeconfig <file>", "kubeconfig; the service account's own when absent")
    .option("--namespace <name>", "Ringfence's own namespace", around.namespace)
    .option("--secret <name>", "Secret that holds the CA", "ringfence-ca")
    .option("--health-port <number>", "port of livez, readyz and metrics", port, 8080);
}

function withDefault(option: Option, value: string | undefined): Option {
  return value === undefined ? option : option.default(value);
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) {
    throw new InvalidArgumentError(`"${text}" is not a port: give a number from 0 to 65535.`);
  }
  return value;
}
