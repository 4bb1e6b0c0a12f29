import { namespaceNameLabel } from "../api/names.ts";
import { absent, anything, type Domain, intersect, noneOf, oneOf, present } from "./domain.ts";
import type { LabelValues } from "./labelvalues.ts";
import type { Model } from "./model.ts";

/** A set of imaginary pods, given by what each label of the pod and of its namespace may be. */
export type Population = {
  readonly namespaceLabel: (key: string) => Domain;
  readonly podLabel: (key: string) => Domain;
};

/** Which labels strangers may carry; entries that end in `/*` stand for every key of that prefix. */
export type StrangerLabels = {
  readonly platformNamespaceLabelKeys: readonly string[];
  readonly platformPodLabelKeys: readonly string[];
  readonly trustedNamespaceLabelKeys: readonly string[];
};

/** Labels that the platform puts on namespaces by itself. */
const namespaceLabelKeys = ["pod-security.kubernetes.io/*", "ringfence.dev/*"];

/** Labels that Kubernetes' controllers put on pods by themselves. */
const podLabelKeys = [
  "pod-template-hash",
  "controller-revision-hash",
  "pod-template-generation",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "job-name",
  "controller-uid",
  "batch.kubernetes.io/*",
  // Since 1.35 binding copies the node's region and zone onto each pod.
  "topology.kubernetes.io/*",
];

/**
 * Passive strangers: pods of a namespace that no policy names, made by nobody's intention. They
 * carry only what the platform and controllers add, each label with any value or none.
 */
export function passiveStrangers(name: string, labels: StrangerLabels): Population {
  const onNamespace = keyTest([...namespaceLabelKeys, ...labels.platformNamespaceLabelKeys]);
  const onPod = keyTest([...podLabelKeys, ...labels.platformPodLabelKeys]);
  return {
    namespaceLabel(key) {
      if (key === namespaceNameLabel) return oneOf([name]);
      return onNamespace(key) ? anything : absent;
    },
    podLabel: (key) => (onPod(key) ? anything : absent),
  };
}

/**
 * Active strangers: the same namespace name, but every pod label and every namespace label may be
 * chosen, except those that only trusted people can set.
 */
export function activeStrangers(name: string, labels: StrangerLabels): Population {
  const passive = passiveStrangers(name, labels);
  const isTrusted = keyTest([namespaceNameLabel, ...labels.trustedNamespaceLabelKeys]);
  return {
    namespaceLabel: (key) => (isTrusted(key) ? passive.namespaceLabel(key) : anything),
    podLabel: () => anything,
  };
}

/** Every pod of every namespace but this one. */
export function podsOutside(namespace: string): Population {
  return {
    namespaceLabel: (key) =>
      key === namespaceNameLabel ? intersect(present, noneOf([namespace])) : anything,
    podLabel: () => anything,
  };
}

const anyName = "stranger";

/** A namespace name that none of the policies mentions, nor lives in. */
export function freshName(models: readonly Model[]): string {
  const taken = new Set<string>();
  for (const model of models) {
    // Only names like it are in the way: there may be very many others.
    if (model.namespace.startsWith(anyName)) taken.add(model.namespace);
    for (const names of namesIn(model)) {
      for (const name of names) if (name.startsWith(anyName)) taken.add(name);
    }
  }
  for (let n = 0; ; n += 1) {
    const name = n === 0 ? anyName : `${anyName}-${n}`;
    if (!taken.has(name)) return name;
  }
}

/** The lists of namespace names that peers select or leave out. */
function namesIn(model: Model): readonly LabelValues[] {
  return model.rules.flatMap(({ peers = [] }) =>
    peers.flatMap((peer) => {
      if (peer.kind !== "pods" || peer.namespaces === "own") return [];
      const names = peer.namespaces.keys.get(namespaceNameLabel)?.values;
      return names === undefined ? [] : [names];
    }),
  );
}

function keyTest(patterns: readonly string[]): (key: string) => boolean {
  const exact = new Set(patterns);
  const prefixes = patterns
    .filter((pattern) => pattern.endsWith("/*"))
    .map((pattern) => pattern.slice(0, -1));
  return (key) => exact.has(key) || prefixes.some((prefix) => key.startsWith(prefix));
}
