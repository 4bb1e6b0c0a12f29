import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { defaultDenyLabel, defaultDenyPolicy, isolationLabel } from "../../src/api/names.ts";
import type { Assets } from "../../src/controlplane/assets.ts";
import type { Flags } from "../../src/controlplane/flags.ts";
import { startControlPlane } from "../../src/controlplane/start.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { loadConnection } from "../../src/kube/connection.ts";
import { desiredPolicy } from "../../src/isolation/desired.ts";
import { testUsers } from "../support/controlplane.ts";
import { openRawClient, type RawAnswer, type RawClient } from "../support/rawclient.ts";
import { type Labels, postNamespace } from "../support/rawclientnamespaces.ts";
import { type Ringfence, startRingfence } from "../support/ringfence.ts";

export type BenchCluster = {
  readonly client: RawClient;
  /** For watches. */
  readonly kube: KubeClient;
  /** The administrator's. */
  readonly kubeconfig: string;
  readonly auditLog: string;
  /** Configuration: the defaults, with these lines below `defaultDeny`. */
  readonly startRingfence: (defaultDeny?: string) => Promise<Ringfence>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/**
 * An empty control plane for one measurement, without kube-controller-manager: making service
 * accounts for thousands of namespaces would keep it busy for minutes. It ends with the signal.
 */
export async function startCluster(
  assets: Assets,
  signal: AbortSignal,
  apiServerFlags: Flags = {},
): Promise<BenchCluster> {
  const controlPlane = await startControlPlane(
    {
      assets: { ...assets, kubeControllerManager: undefined },
      log: pino({ level: "silent" }),
      users: testUsers,
      apiServerFlags: {
        "audit-policy-file": new URL("isolationaudit.yaml", import.meta.url).pathname,
        "audit-log-path": "audit.log",
        ...apiServerFlags,
      },
    },
    signal,
  );
  // Whatever waits for an answer fails then, and everybody goes home.
  const leave = (): void => void controlPlane.stop();
  signal.addEventListener("abort", leave, { once: true });
  const { kubeconfig } = controlPlane;
  const client = await openRawClient({ kubeconfig });
  const kube = new KubeClient(await loadConnection({ kubeconfig }, signal));
  return {
    client,
    kube,
    kubeconfig,
    auditLog: join(controlPlane.directory, "audit.log"),
    startRingfence: (defaultDeny) =>
      startRingfence({
        kubeconfig: controlPlane.userKubeconfig("ringfence-dev"),
        ...(defaultDeny === undefined ? {} : { configuration: configurationOf(defaultDeny) }),
      }),
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener("abort", leave);
      await kube[Symbol.asyncDispose]();
      await client[Symbol.asyncDispose]();
      await controlPlane.stop();
    },
  };
}

function configurationOf(defaultDeny: string): string {
  return `apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\ndefaultDeny: { ${defaultDeny} }\n`;
}

/** Names of one kind: `prefix-0`, `prefix-1` … */
export function namesOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

/** Creates namespaces as fast as it goes while Ringfence is not there, isolated or bare. */
export async function fill(
  client: RawClient,
  names: readonly string[],
  isIsolated: boolean,
  signal: AbortSignal,
): Promise<void> {
  const labels: Labels = isIsolated
    ? { [defaultDenyLabel]: "enabled", [isolationLabel]: "ready" }
    : {};
  if (isIsolated) await whenUnguarded(client, labels, signal);
  const queue = names.values();
  const worker = async (): Promise<void> => {
    for (const name of queue) {
      signal.throwIfAborted();
      expectCreated(await postNamespace(client, name, labels));
      if (!isIsolated) continue;
      const path = `/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`;
      expectCreated(await client.call({ method: "POST", path, body: desiredPolicy(name) }));
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** The API server applies what Ringfence has registered for a moment after it was removed. */
async function whenUnguarded(
  client: RawClient,
  labels: Labels,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const { object } = await postNamespace(client, "probe", labels, { dryRun: true });
    await delay(250, undefined, { signal });
    if (object.metadata?.labels?.[isolationLabel] === labels[isolationLabel]) return;
  }
}

/** Creates one namespace after the other at a pace, however long the answers take. */
export async function createPaced(
  client: RawClient,
  names: readonly string[],
  perSecond: number,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  const pending: Promise<void>[] = [];
  for (const [index, name] of names.entries()) {
    const wait = start + (index * 1000) / perSecond - performance.now();
    if (wait > 0) await delay(wait, undefined, { signal });
    pending.push(postNamespace(client, name).then(expectCreated));
  }
  await Promise.all(pending);
}

/** The path of a deny-all. */
export function denyAllPath(namespace: string): string {
  return `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${defaultDenyPolicy}`;
}

function expectCreated({ status, message }: RawAnswer): void {
  if (status !== 201) throw new Error(`not created: ${message}`);
}
