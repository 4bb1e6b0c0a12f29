import { namespaceNameLabel } from "../../api/names.ts";
import { keyOfPods } from "../../netpol/before.ts";
import { distinct } from "../../netpol/labelvalues.ts";
import type { Meter } from "../../netpol/meter.ts";
import type { PodPeer, PolicyRule } from "../../netpol/model.ts";
import { matches, type Selector } from "../../netpol/selector.ts";
import type { ClusterFacts, KnownPod, KnownService } from "../cluster.ts";
import type { Inspected } from "../warning.ts";
import type { Entry } from "./entry.ts";
import { type Found, foundIn } from "./found.ts";
import { createTranslators, mayLeadTo, translates } from "./translator.ts";

/** The pods whose ports a rule opens. */
export type Destination = {
  /** False when no Service on the way to these pods makes another number of this one. */
  readonly mayTranslate: (entry: Entry) => boolean;
  /** Undefined when there is too much to look at. */
  readonly look: () => Sight | undefined;
};

/** What is known of a destination. */
export type Sight = {
  readonly pods: readonly KnownPod[];
  /** Services that may lead to some of the pods. */
  readonly services: readonly Found[];
};

type Places = PodPeer["namespaces"];

/** Finds the destinations of rules while the meter lasts; each selector is looked up once. */
export function createDestinations(
  { policy }: Inspected,
  cluster: ClusterFacts,
  meter: Meter,
): (rule: PolicyRule) => readonly Destination[] {
  const translators = createTranslators(cluster.services ?? new Map(), meter);
  const create = (places: Places, pods: Selector): Destination => {
    const few = places === "own" ? [policy.namespace] : namedBy(places);
    let sight: Sight | undefined;
    return {
      mayTranslate: (entry) => {
        const all = few === undefined ? translators(entry) : servicesIn(few, cluster, entry, meter);
        return all.some((service) => mayLeadTo(service, pods));
      },
      look: () => {
        if (meter.exhausted()) return undefined;
        const names = places === "own" ? [policy.namespace] : selectedBy(places, few, cluster);
        return (sight ??= lookIn(cluster, names, pods, meter));
      },
    };
  };
  let subject: Destination | undefined;
  const known = new Map<string, Destination>();
  return ({ direction, peers = [] }) => {
    if (direction === "ingress") return [(subject ??= create("own", policy.subject))];
    return peers.flatMap((peer) => {
      // A whole namespace has pods of all kinds.
      if (peer.kind !== "pods" || peer.pods.keys.size === 0) return [];
      const key = keyOfPods(peer);
      const found = known.get(key) ?? create(peer.namespaces, peer.pods);
      known.set(key, found);
      return [found];
    });
  };
}

/** The names of namespaces that the selector asks for, if it does. */
function namedBy({ keys }: Selector): readonly string[] | undefined {
  const names = keys.get(namespaceNameLabel);
  return names === undefined || names.complement ? undefined : distinct(names.values);
}

function servicesIn(
  names: readonly string[],
  { services }: ClusterFacts,
  entry: Entry,
  meter: Meter,
): readonly KnownService[] {
  return names.flatMap((name) => {
    const all = services?.get(name) ?? [];
    return meter.spend(1 + all.length) ? all.filter((service) => translates(service, entry)) : [];
  });
}

/** The namespaces that the selector surely selects. */
function selectedBy(
  namespaces: Selector,
  named: readonly string[] | undefined,
  cluster: ClusterFacts,
): readonly string[] {
  if (named !== undefined && namespaces.keys.size === 1) return named;
  const all = cluster.namespaces;
  return [...(named ?? all?.keys() ?? [])].filter((name) => {
    const labels = all?.get(name);
    return labels !== undefined && matches(namespaces, labels);
  });
}

function lookIn(
  cluster: ClusterFacts,
  names: readonly string[],
  selector: Selector,
  meter: Meter,
): Sight | undefined {
  const pods: KnownPod[] = [];
  const services: Found[] = [];
  for (const namespace of names) {
    const known = cluster.pods?.get(namespace) ?? [];
    const before = cluster.services?.get(namespace) ?? [];
    if (!meter.spend(1 + known.length + before.length)) return undefined;
    const own = known.filter(({ labels }) => matches(selector, labels));
    for (const pod of own) pods.push(pod);
    for (const service of before) {
      if (!mayLeadTo(service, selector)) continue;
      services.push(
        foundIn({ namespace, service }, own, { selector, complete: cluster.complete }, meter),
      );
    }
  }
  return { pods, services };
}
