import type { Address } from "../address.ts";
import type { Cuts } from "./cuts.ts";
import type { PortNames, ReadPod } from "./pod.ts";
import { type Labels, project, type Vocabulary } from "./vocabulary.ts";

/** Pods of one namespace that no NetworkPolicy of the cluster tells apart. */
export type PodGroup = {
  readonly namespace: string;
  /** Only what the policies ask for. */
  readonly labels: Labels;
  readonly namespaceLabels: Labels;
  readonly portNames: PortNames;
  readonly hostNetwork: boolean;
  /** Those of one of the pods: each is in the same blocks as the others'. Undefined: not known. */
  readonly addresses: readonly Address[] | undefined;
  readonly pods: readonly ReadPod[];
};

/** Groups pods; the groups of one namespace stand together. */
export function groupPods(
  pods: readonly ReadPod[],
  namespaces: ReadonlyMap<string, Labels>,
  vocabulary: Vocabulary,
  cuts: Cuts,
): readonly PodGroup[] {
  const groups: PodGroup[] = [];
  for (const [namespace, own] of Map.groupBy(pods, ({ pod }) => pod.namespace)) {
    const namespaceLabels = namespaces.get(namespace) ?? new Map<string, string>();
    const alike = new Map<string, PodGroup & { readonly pods: ReadPod[] }>();
    for (const pod of own) {
      const traits = traitsOf(pod, vocabulary);
      const key = keyOf(traits, cuts);
      const group = alike.get(key);
      if (group === undefined)
        alike.set(key, { namespace, namespaceLabels, ...traits, pods: [pod] });
      else group.pods.push(pod);
    }
    groups.push(...alike.values());
  }
  return groups;
}

type Traits = Pick<PodGroup, "labels" | "portNames" | "hostNetwork" | "addresses">;

function traitsOf(
  { pod, portNames, hostNetwork, addresses }: ReadPod,
  vocabulary: Vocabulary,
): Traits {
  return {
    labels: project(Object.entries(pod.labels ?? {}), vocabulary.podLabels),
    portNames: keepNames(portNames, vocabulary.portNames),
    hostNetwork,
    // Nobody looks at the addresses of pods on the host's network: they are the node's.
    addresses: hostNetwork ? undefined : addresses,
  };
}

function keyOf({ labels, portNames, hostNetwork, addresses }: Traits, cuts: Cuts): string {
  return JSON.stringify([
    hostNetwork,
    [...labels].toSorted(byKey),
    [...portNames].map(([name, numbers]) => [name, numbers.join()]).toSorted(byKey),
    addresses?.map((address) => cuts.placeOf(address)).toSorted(),
  ]);
}

function keepNames(names: PortNames, mentioned: ReadonlySet<string>): PortNames {
  return new Map([...names].filter(([name]) => mentioned.has(name)));
}

function byKey([a = ""]: readonly string[], [b = ""]: readonly string[]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
