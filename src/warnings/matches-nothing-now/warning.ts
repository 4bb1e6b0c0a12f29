import { namespaceNameLabel } from "../../api/names.ts";
import { keyOfPods } from "../../netpol/before.ts";
import { distinct } from "../../netpol/labelvalues.ts";
import { createMeter, type Meter } from "../../netpol/meter.ts";
import type { PodPeer } from "../../netpol/model.ts";
import { matches, type Selector } from "../../netpol/selector.ts";
import type { ClusterFacts, Labels } from "../cluster.ts";
import { isPossible } from "../effect.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";
import { describeSelector } from "./describe.ts";
import { nearestLabel } from "./suggest.ts";

/** Tells of peers that select no namespace or no pod of the cluster as it is. */
export const matchesNothingNow: Warning = {
  id: "matches-nothing-now",
  summary: "A peer selects no namespace, or no pod, that exists now.",
  inspect,
};

/** Steps for one policy: selectors that nothing matches are compared with everything there is. */
const steps = 50_000;

/** As many again to find what was meant. */
type Meters = { readonly matching: Meter; readonly hints: Meter };

type Known = Required<Pick<ClusterFacts, "namespaces">> & Pick<ClusterFacts, "pods">;

function inspect({ policy, rules, cluster }: Inspected): readonly Advice[] {
  const { namespaces, pods, complete } = cluster ?? {};
  // Files do not show what a cluster lacks.
  if (complete !== true || namespaces === undefined) return [];
  const meters: Meters = { matching: createMeter(steps), hints: createMeter(steps) };
  const known: Known = pods === undefined ? { namespaces } : { namespaces, pods };
  const seen = new Map<string, Missing | undefined>();
  return rules.flatMap(({ peers = [] }) =>
    peers.flatMap((peer) => {
      if (peer.kind !== "pods" || !isPossible(peer)) return [];
      const key = keyOfPods(peer);
      const missing = seen.has(key) ? seen.get(key) : look(peer, policy.namespace, known, meters);
      seen.set(key, missing);
      // What was not looked at to the end is nothing to warn of.
      if (missing === undefined || meters.matching.exhausted()) return [];
      return [adviceOf(`${peer.path}.${missing.field}`, missing)];
    }),
  );
}

type Missing = {
  readonly field: "namespaceSelector" | "podSelector";
  readonly selector: Selector;
  readonly nearest: string | undefined;
};

function look(peer: PodPeer, own: string, known: Known, meters: Meters): Missing | undefined {
  const { matching, hints } = meters;
  const all: Labels[] = [];
  let isNamespaceMissing = true;
  for (const name of namesOf(peer, own, known, matching)) {
    isNamespaceMissing = false;
    if (known.pods === undefined) return undefined;
    for (const { labels } of known.pods.get(name) ?? []) {
      if (!matching.spend(1 + peer.pods.keys.size) || matches(peer.pods, labels)) return undefined;
      all.push(labels);
    }
  }
  if (isNamespaceMissing && peer.namespaces !== "own") {
    const selector = peer.namespaces;
    const nearest = nearestLabel(selector, known.namespaces.values(), hints);
    return { field: "namespaceSelector", selector, nearest };
  }
  // Policies come before their pods: a namespace without any says nothing.
  if (all.length === 0) return undefined;
  return {
    field: "podSelector",
    selector: peer.pods,
    nearest: nearestLabel(peer.pods, all, hints),
  };
}

/** The namespaces that the peer selects, one after the other: often the first one is enough. */
function* namesOf(
  { namespaces }: PodPeer,
  own: string,
  known: Known,
  meter: Meter,
): Generator<string> {
  if (namespaces === "own") {
    yield own;
    return;
  }
  const byName = namespaces.keys.get(namespaceNameLabel);
  const isByName = byName !== undefined && !byName.complement;
  for (const name of isByName ? distinct(byName.values) : known.namespaces.keys()) {
    const labels = known.namespaces.get(name);
    if (labels === undefined || !meter.spend(1 + namespaces.keys.size)) continue;
    if (matches(namespaces, labels)) yield name;
  }
}

function adviceOf(path: string, { field, selector, nearest }: Missing): Advice {
  const what = field === "podSelector" ? "pod" : "namespace";
  const wanted = describeSelector(selector);
  const hint = nearest === undefined ? "" : `; the nearest label is ${nearest}`;
  return {
    path,
    message: `no ${what} matches ${wanted} now, so this peer lets nobody through${hint}`,
    fix:
      nearest === undefined
        ? `Check the labels of the ${what}s that are meant, or remove the peer if they are gone.`
        : `Write ${nearest} if that is meant.`,
  };
}
