import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCommand, type CommandResult } from "../../src/controlplane/command.ts";
import { sharedControlPlane } from "./controlplane.ts";

export type KubectlOptions = Readonly<{
  /** Text as it is; objects as JSON, several as a List. */
  stdin?: string | object | readonly object[];
  /** Impersonates this user; `asGroups` replaces the groups. */
  as?: string;
  asGroups?: readonly string[];
  /** Default: the administrator's, on the shared control plane. */
  kubeconfig?: string;
}>;

const limitMilliseconds = 60_000;

/** Runs the real kubectl; a refusal is a result with a code and the text the user sees, not an error. */
export function kubectl(
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<CommandResult> {
  const shared = sharedControlPlane();
  const kubeconfig = options.kubeconfig ?? shared.kubeconfig;
  const all = [
    `--kubeconfig=${kubeconfig}`,
    `--cache-dir=${join(dirname(kubeconfig), "kubectl-cache")}`,
    ...(options.as === undefined ? [] : [`--as=${options.as}`]),
    ...(options.asGroups ?? []).map((group) => `--as-group=${group}`),
    ...args,
  ];
  // HOME points away from the developer's own: nothing there is read or written.
  const environment = { PATH: process.env["PATH"], HOME: tmpdir(), KUBECTL_KUBERC: "false" };
  const commandOptions = {
    environment,
    ...(options.stdin !== undefined && { stdin: render(options.stdin) }),
  };
  return runCommand(shared.kubectl, all, commandOptions, AbortSignal.timeout(limitMilliseconds));
}

/** As `kubectl`, but anything except success is thrown, with what kubectl said. */
export async function kubectlOk(
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await kubectl(args, options);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")} exited with ${code}: ${stderr}`);
  return stdout;
}

/** Creates a namespace with a name of its own, and returns the name. */
export async function createNamespace(
  prefix: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<string> {
  const metadata = { generateName: `${prefix}-`, labels };
  const stdin = { apiVersion: "v1", kind: "Namespace", metadata };
  const name = await kubectlOk(["create", "-f", "-", "-o", "name"], { stdin });
  return name.trim().replace("namespace/", "");
}

function render(stdin: string | object | readonly object[]): string {
  if (typeof stdin === "string") return stdin;
  if (!Array.isArray(stdin)) return JSON.stringify(stdin);
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: stdin });
}
