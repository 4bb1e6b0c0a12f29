import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Logger } from "pino";
import type { StartOptions } from "../cli/options.ts";
import { serviceAccountIdentity } from "../controlplane/identity.ts";
import { createProgress, type ProgressStream } from "../controlplane/progress.ts";
import { provideAssets } from "../controlplane/provide.ts";
import { startControlPlane } from "../controlplane/start.ts";
import {
  defaultKubernetesVersion,
  resolveKubernetesVersion,
  supportedMinors,
} from "../controlplane/versions.ts";
import { systemNamespace } from "../api/names.ts";
import { runAlone } from "./alone.ts";
import { runDev } from "./dev.ts";
import { UsageError } from "./settings.ts";
import { tryAlone, tryCluster, tryGiven } from "./tour.ts";

export type StartDeps = {
  readonly options: StartOptions;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly certificates: string;
  /** Folder with the examples that the tour names. */
  readonly examples: string;
  /** Where progress and the tour go. */
  readonly terminal: ProgressStream;
};

/** Guards the cluster that was named, or a local one; without binaries, serves verdicts alone. */
export async function runStart(deps: StartDeps, signal: AbortSignal): Promise<void> {
  const { options, environment, log, certificates, terminal } = deps;
  const print = (text: string): void => void terminal.write(text);
  const { kubeconfig } = options;
  if (kubeconfig !== undefined) {
    const onGuarding = ({ server }: { readonly server: string }): void => print(tryGiven(server));
    await runDev({ options: { ...options, kubeconfig }, log, certificates, onGuarding }, signal);
    return;
  }
  const { assets, problems } = await findAssets(deps, signal);
  if (assets === undefined) {
    const onServing = (url: string): void => print(tryAlone(url, problems, deps));
    await runAlone({ options, log, certificates, onServing }, signal);
    return;
  }
  // An identity of its own, so that the administrator meets the same protection as in production.
  const identity = {
    ...serviceAccountIdentity(systemNamespace, "ringfence"),
    groups: ["system:masters"],
  };
  const controlPlane = await startControlPlane(
    { assets, log: quiet(log), users: [identity] },
    signal,
  );
  try {
    const kubectl = await chooseKubectl(assets.kubectl, environment["PATH"] ?? "");
    const onGuarding = (): void => print(tryCluster(controlPlane.kubeconfig, kubectl, deps));
    const own = controlPlane.userKubeconfig(identity.name);
    await runDev(
      { options: { ...options, kubeconfig: own }, log, certificates, onGuarding },
      signal,
    );
  } finally {
    await controlPlane.stop();
  }
}

async function findAssets({ options, environment, terminal }: StartDeps, signal: AbortSignal) {
  const { kubernetes } = options;
  const version = resolveKubernetesVersion(kubernetes ?? defaultKubernetesVersion);
  if (version === undefined) {
    const known = supportedMinors().join(", ");
    throw new UsageError(`--kubernetes ${kubernetes}: not supported; these are: ${known}`);
  }
  const progress = createProgress(terminal, Date.now);
  const request = { version, isExplicit: kubernetes !== undefined, environment, progress };
  return provideAssets({ ...request, now: Date.now }, signal);
}

/** The name that people type, where their shell finds it. */
async function chooseKubectl(ours: string | undefined, path: string): Promise<string> {
  for (const folder of path.split(delimiter)) {
    const isThere = access(join(folder, "kubectl"), constants.X_OK);
    if (
      await isThere.then(
        () => true,
        () => false,
      )
    ) {
      return "kubectl";
    }
  }
  return ours ?? "kubectl";
}

/** The control plane's own life is of interest only when something is wrong. */
function quiet(log: Logger): Logger {
  return log.child({}, { level: log.isLevelEnabled("debug") ? "debug" : "warn" });
}
