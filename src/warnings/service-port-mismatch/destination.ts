import { namespaceNameLabel } from "../../api/names.ts";
import { keyOfPods } from "../../netpol/before.ts";
import { allows, oneOf } from "../../netpol/domain.ts";
import type { Meter } from "../../netpol/meter.ts";
import type { PodPeer, PolicyRule } from "../../netpol/model.ts";
import { covers, matches, type Selector, selectorOf } from "../../netpol/selector.ts";
import type { ClusterFacts, KnownPod, KnownService, Labels } from "../cluster.ts";
import type { Inspected } from "../warning.ts";

/** The pods whose ports a rule opens, and the Services that lead to them. */
export type Destination = {
  /** Known ones only. */
  readonly pods: readonly KnownPod[];
  /** Services that may lead to some of the pods. */
  readonly services: readonly Found[];
};

/** A Service, the known pods behind it, and whether all pods of the destination are behind it. */
export type Found = {
  readonly service: KnownService;
  readonly namespace: string;
  readonly behind: readonly KnownPod[];
  readonly leadsToAll: boolean;
};

/** Finds the destinations of rules while the meter lasts; each selector is looked up once. */
export function createDestinations(
  { policy }: Inspected,
  cluster: ClusterFacts,
  meter: Meter,
): (rule: PolicyRule) => readonly Destination[] {
  const own = [policy.namespace];
  let subject: Destination | undefined;
  const known = new Map<string, Destination>();
  return ({ direction, peers = [] }) => {
    if (direction === "ingress") {
      subject ??= destinationIn(cluster, own, policy.subject);
      return [subject];
    }
    return peers.flatMap((peer) => {
      // A whole namespace has pods of all kinds.
      if (peer.kind !== "pods" || peer.pods.keys.size === 0) return [];
      const key = keyOfPods(peer);
      let found = known.get(key);
      if (found === undefined) {
        if (meter.exhausted()) return [];
        const names = peer.namespaces === "own" ? own : namesOf(peer.namespaces, cluster);
        if (!meter.spend(names.length + sizeOf(cluster, names))) return [];
        found = destinationIn(cluster, names, peer.pods);
        known.set(key, found);
      }
      return [found];
    });
  };
}

/** The namespaces that the selector surely selects. */
function namesOf(namespaces: Exclude<PodPeer["namespaces"], "own">, cluster: ClusterFacts) {
  const byName = namespaces.keys.get(namespaceNameLabel);
  const isByName = byName !== undefined && !byName.complement;
  if (isByName && namespaces.keys.size === 1) return [...byName.values];
  const all = cluster.namespaces ?? new Map<string, Labels>();
  return [...(isByName ? byName.values : all.keys())].filter((name) => {
    const labels = all.get(name);
    return labels && matches(namespaces, new Map([...labels, [namespaceNameLabel, name]]));
  });
}

function sizeOf({ pods, services }: ClusterFacts, names: readonly string[]): number {
  return names.reduce(
    (sum, name) => sum + (pods?.get(name)?.length ?? 0) + (services?.get(name)?.length ?? 0),
    0,
  );
}

function destinationIn(
  cluster: ClusterFacts,
  names: readonly string[],
  selector: Selector,
): Destination {
  const places = names.map((namespace) => {
    const pods = (cluster.pods?.get(namespace) ?? []).filter(({ labels }) =>
      matches(selector, labels),
    );
    const services = (cluster.services?.get(namespace) ?? [])
      .filter((service) => mayLeadTo(service, selector))
      .map((service) => foundIn(namespace, service, pods, selector));
    return { pods, services };
  });
  return {
    pods: places.flatMap(({ pods }) => pods),
    services: places.flatMap(({ services }) => services),
  };
}

function foundIn(
  namespace: string,
  service: KnownService,
  pods: readonly KnownPod[],
  selector: Selector,
): Found {
  const wanted = selectorOf([...service.selector].map(([key, value]) => [key, oneOf([value])]));
  const behind = pods.filter(({ labels }) => matches(wanted, labels));
  const isForAllKnown = selector.keys.size > 0 && pods.length > 0 && behind.length === pods.length;
  return { service, namespace, behind, leadsToAll: covers(wanted, selector) || isForAllKnown };
}

/** True unless the selector contradicts the Service's. */
function mayLeadTo(service: KnownService, { keys }: Selector): boolean {
  return service.selector.entries().every(([key, value]) => {
    const domain = keys.get(key);
    return domain === undefined || allows(domain, value);
  });
}
