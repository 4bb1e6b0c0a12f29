import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./command.ts";

/** The binaries of one control plane in one directory, each proven to run. */
export type Assets = Readonly<{
  directory: string;
  version: string;
  etcdVersion: string;
  etcd: string;
  kubeApiServer: string;
  kubeControllerManager: string | undefined;
  kubectl: string | undefined;
}>;

export type Inspection =
  | Readonly<{ assets: Assets; problem?: never }>
  | Readonly<{ assets?: never; problem: string }>;

const versionArguments: Readonly<Record<string, readonly string[]>> = {
  etcd: ["--version"],
  "kube-apiserver": ["--version"],
  "kube-controller-manager": ["--version"],
  kubectl: ["version", "--client", "--output=yaml"],
};

const versionPatterns: Readonly<Record<string, RegExp>> = {
  etcd: /^etcd Version: (\S+)/m,
  "kube-apiserver": /^Kubernetes v(\S+)/m,
  "kube-controller-manager": /^Kubernetes v(\S+)/m,
  kubectl: /gitVersion: v(\S+)/m,
};

/** Looks at a directory of binaries and runs each one for its version; etcd and kube-apiserver must be there. */
export async function inspectAssets(directory: string, signal: AbortSignal): Promise<Inspection> {
  const found = new Map<string, string>();
  for (const name of Object.keys(versionArguments)) {
    const file = join(directory, name);
    if (!(await isExecutable(file))) continue;
    const version = await versionOf(name, file, signal);
    if (version === undefined)
      return { problem: `${file} does not run or does not tell its version` };
    found.set(name, version);
  }
  const etcdVersion = found.get("etcd");
  const version = found.get("kube-apiserver");
  if (etcdVersion === undefined || version === undefined) {
    const missing = ["etcd", "kube-apiserver"].filter((name) => !found.has(name));
    return { problem: `${directory} has no executable ${missing.join(" and no executable ")}` };
  }
  const managerVersion = found.get("kube-controller-manager");
  if (managerVersion !== undefined && managerVersion !== version) {
    return {
      problem: `${directory} mixes kube-apiserver ${version} and kube-controller-manager ${managerVersion}`,
    };
  }
  const optional = (name: string): string | undefined =>
    found.has(name) ? join(directory, name) : undefined;
  return {
    assets: {
      directory,
      version,
      etcdVersion,
      etcd: join(directory, "etcd"),
      kubeApiServer: join(directory, "kube-apiserver"),
      kubeControllerManager: optional("kube-controller-manager"),
      kubectl: optional("kubectl"),
    },
  };
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function versionOf(
  name: string,
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(60_000)]);
  try {
    const result = await runCommand(file, versionArguments[name] ?? [], { environment: {} }, limit);
    return result.code === 0 ? versionPatterns[name]?.exec(result.stdout)?.[1] : undefined;
  } catch (error) {
    signal.throwIfAborted();
    // A truncated or foreign binary cannot be started at all: the same answer as one that fails.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
