import { namespaceNameLabel } from "../../api/names.ts";
import { formatAddress } from "../address.ts";
import type { Direction } from "../model.ts";
import { readAddress } from "./address.ts";
import { groupPods, type PodGroup } from "./class.ts";
import { cutsOf } from "./cuts.ts";
import type { NamespaceInput, NotEvaluated, Pod, PodRef, State } from "./input.ts";
import { type Isolation, isolationOf } from "./isolation.ts";
import { type MatchedPolicy, type MatchedRule, matchPolicies } from "./match.ts";
import { type ReadPod, readPod } from "./pod.ts";
import { readPolicies } from "./policy.ts";
import { type Labels, project, type Vocabulary, vocabularyOf } from "./vocabulary.ts";

/** A group of pods, with what isolates it. */
export type PodClass = PodGroup & {
  /** Its position in `Cluster.classes`. */
  readonly index: number;
} & { readonly [D in Direction]: Isolation };

export type FoundPod = { readonly pod: ReadPod; readonly podClass: PodClass };

/** A compiled state: what all questions are asked of. */
export type Cluster = {
  readonly classes: readonly PodClass[];
  readonly rules: { readonly [D in Direction]: readonly MatchedRule[] };
  /** Every object that no answer takes into account, with its reason. */
  readonly notEvaluated: readonly NotEvaluated[];
  readonly find: (ref: PodRef) => FoundPod | undefined;
  /** The pods that have an address, those on the host's network included. */
  readonly findAddress: (text: string) => readonly FoundPod[];
};

/** Compiles a state of a cluster, once for all questions. What cannot be read is listed. */
export function compileCluster({ networkPolicies, namespaces, pods }: State): Cluster {
  const { policies, notEvaluated: unread } = readPolicies(networkPolicies);
  const vocabulary = vocabularyOf(policies);
  const known = readNamespaces(namespaces, vocabulary);
  const read = readPods(pods, known.labels);
  const groups = groupPods(read.pods, known.labels, vocabulary, cutsOf(vocabulary.blocks));
  const matched = matchPolicies(groups, policies);
  const classes = classesOf(groups, matched, unread);
  const rules = matched.flatMap((one) => one.rules);
  return {
    classes,
    rules: {
      ingress: rules.filter(({ rule }) => rule.direction === "ingress"),
      egress: rules.filter(({ rule }) => rule.direction === "egress"),
    },
    notEvaluated: [...unread, ...known.notEvaluated, ...read.notEvaluated],
    ...findersOf(classes),
  };
}

function readNamespaces(namespaces: readonly NamespaceInput[], vocabulary: Vocabulary) {
  const found = new Map<string, Labels>();
  const notEvaluated: NotEvaluated[] = [];
  for (const { name, labels } of namespaces) {
    if (found.has(name)) {
      const message = "is the name of two of them";
      notEvaluated.push({ kind: "Namespace", namespace: "", name, path: "name", message });
      continue;
    }
    // The API server sets this label itself, whatever was written.
    const all = new Map(Object.entries(labels ?? {})).set(namespaceNameLabel, name);
    found.set(name, project(all, vocabulary.namespaceLabels));
  }
  return { labels: found, notEvaluated };
}

function readPods(pods: readonly Pod[], namespaces: ReadonlyMap<string, Labels>) {
  const found: ReadPod[] = [];
  const notEvaluated: NotEvaluated[] = [];
  const seen = new Set<string>();
  for (const pod of pods) {
    const key = keyOf(pod);
    const read = problemOf(pod, seen.has(key), namespaces) ?? readPod(pod);
    seen.add(key);
    const { namespace, name } = pod;
    if ("message" in read) notEvaluated.push({ kind: "Pod", namespace, name, ...read });
    else found.push(read);
  }
  return { pods: found, notEvaluated };
}

function problemOf({ namespace }: Pod, twice: boolean, namespaces: ReadonlyMap<string, Labels>) {
  if (twice) return { path: "name", message: "is the name of two of them" };
  if (namespaces.has(namespace)) return undefined;
  return { path: "namespace", message: "is not among the namespaces: its labels are not known" };
}

function classesOf(
  groups: readonly PodGroup[],
  matched: readonly MatchedPolicy[],
  unread: readonly NotEvaluated[],
): readonly PodClass[] {
  const selecting = groups.map((): MatchedPolicy[] => []);
  for (const policy of matched) {
    for (const at of policy.subjects) selecting[at]?.push(policy);
  }
  const unreadIn = Map.groupBy(unread, ({ namespace }) => namespace);
  return groups.map((group, index) => {
    const own = unreadIn.get(group.namespace) ?? [];
    const policies = selecting[index] ?? [];
    return {
      ...group,
      index,
      ingress: isolationOf("ingress", policies, own),
      egress: isolationOf("egress", policies, own),
    };
  });
}

function findersOf(classes: readonly PodClass[]): Pick<Cluster, "find" | "findAddress"> {
  const byName = new Map<string, FoundPod>();
  const byAddress = new Map<string, FoundPod[]>();
  for (const podClass of classes) {
    for (const pod of podClass.pods) {
      const found = { pod, podClass };
      byName.set(keyOf(pod.pod), found);
      for (const address of pod.addresses ?? []) {
        const key = formatAddress(address);
        const owners = byAddress.get(key) ?? [];
        byAddress.set(key, owners);
        owners.push(found);
      }
    }
  }
  return {
    find: (ref) => byName.get(keyOf(ref)),
    findAddress(text) {
      const address = readAddress(text);
      return (address && byAddress.get(formatAddress(address))) ?? [];
    },
  };
}

function keyOf({ namespace, name }: PodRef): string {
  return `${namespace}/${name}`;
}
