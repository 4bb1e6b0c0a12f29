import { createIsolationController } from "../../../src/isolation/controller.ts";
import type { IsolationEvent } from "../../../src/isolation/ports.ts";
import { lookup } from "../../../src/api/meta.ts";
import { isolationLabel } from "../../../src/api/names.ts";
import { systemClock } from "../../../src/kube/clock.ts";
import { asSource, createWriter } from "../../../src/wiring/isolationports.ts";
import { createPodLister } from "../../../src/wiring/podlister.ts";
import { watchManagedPolicies, watchNamespaces } from "../../../src/wiring/reflectors.ts";
import { eventually, type Setup, silent } from "../kube/setup.ts";

export const namespacePath = (name: string) => `/api/v1/namespaces/${name}`;
export const policyPath = (namespace: string) =>
  `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/ringfence-default-deny`;

export type Guard = AsyncDisposable & {
  readonly events: readonly IsolationEvent[];
  readonly kinds: () => readonly IsolationEvent["kind"][];
};

/** The controller with its real adapters, in front of the fake API server. */
export async function guarding({ client }: Setup): Promise<Guard> {
  const abort = new AbortController();
  const namespaces = watchNamespaces(client, silent);
  const policies = watchManagedPolicies(client, silent);
  namespaces.start(abort.signal);
  policies.start(abort.signal);
  await Promise.all([namespaces.whenSynced(abort.signal), policies.whenSynced(abort.signal)]);
  const events: IsolationEvent[] = [];
  const controller = createIsolationController({
    namespaces: asSource(namespaces),
    policies: asSource(policies),
    writer: createWriter(client),
    pods: createPodLister(client),
    meter: { reconciled: () => undefined, checkedPods: () => undefined },
    date: systemClock.date,
    enabledSince: () => undefined,
    reporter: { report: (event) => events.push(event) },
    clock: systemClock,
    random: Math.random,
    settings: () => ({
      newNamespaces: "enabled",
      existingNamespaces: "audit",
      excludedNamespaces: [],
      ownNamespace: "ringfence-system",
    }),
  });
  const ended = controller.start(abort.signal);
  async function dispose(): Promise<void> {
    abort.abort();
    await ended;
    await namespaces[Symbol.asyncDispose]();
    await policies[Symbol.asyncDispose]();
  }
  return { events, kinds: () => events.map(({ kind }) => kind), [Symbol.asyncDispose]: dispose };
}

/** Somebody creates a namespace, and the API server marks it. */
export function createMarked({ api }: Setup, ...names: readonly string[]): void {
  const labels = { "ringfence.dev/default-deny": "enabled", "ringfence.dev/isolation": "pending" };
  for (const name of names) {
    api.put(namespacePath(name), { apiVersion: "v1", kind: "Namespace", metadata: { labels } });
  }
}

/** Waits until the namespaces have their deny-all and say so. */
export async function ready({ api }: Setup, ...names: readonly string[]): Promise<void> {
  const missing = () =>
    names.filter((name) => {
      const labels = api.get(namespacePath(name))?.metadata.labels;
      return !api.get(policyPath(name)) || lookup(labels, isolationLabel) !== "ready";
    });
  await eventually(
    () => missing().length === 0,
    () => `${missing().join(", ")} not ready`,
    10_000,
  );
}
