import { namespaceNameLabel } from "../api/names.ts";
import { everyAddress, keyOfPods } from "../netpol/before.ts";
import { anything, oneOf, present } from "../netpol/domain.ts";
import type { Meter } from "../netpol/meter.ts";
import { everyone, type Peer, type PodPeer } from "../netpol/model.ts";
import type { Population } from "../netpol/population.ts";
import { findPod } from "../netpol/search.ts";
import { selectorOf } from "../netpol/selector.ts";
import { includes, type Spans, union } from "../netpol/spans.ts";
import type { AddressSet } from "../rules/standard.ts";
import { isPossible } from "./effect.ts";

/** Whom a list of peers lets through, all of them together; undefined peers are everyone. */
export type Crowd = {
  readonly pods: ReadonlyMap<string, PodPeer>;
  readonly addresses: AddressSet;
};

/** Every pod of every namespace: each has a name, and its other labels are anybody's guess. */
export const everyPod: Population = {
  namespaceLabel: (key) => (key === namespaceNameLabel ? present : anything),
  podLabel: () => anything,
};

/** Reads peers of a policy of this namespace. */
export function crowdOf(peers: readonly Peer[] | undefined, namespace: string): Crowd {
  if (peers === undefined) {
    const addresses = { 4: everyAddress(4), 6: everyAddress(6) };
    return { pods: new Map([[keyOfPods(everyone), everyone]]), addresses };
  }
  const possible = peers.filter(isPossible);
  const addressesOf = (family: 4 | 6): Spans =>
    union(
      possible.flatMap((peer) =>
        peer.kind === "addresses" && peer.block.family === family ? peer.block.spans : [],
      ),
    );
  const pods = possible.flatMap((peer) => (peer.kind === "pods" ? [named(peer, namespace)] : []));
  return {
    pods: new Map(pods.map((peer) => [keyOfPods(peer), peer])),
    addresses: { 4: addressesOf(4), 6: addressesOf(6) },
  };
}

/** True when everybody in `inner` is in `outer`; false also when the meter ran out. */
export function isWithin(inner: Crowd, outer: Crowd, meter: Meter): boolean {
  for (const family of [4, 6] as const) {
    const { length } = inner.addresses[family];
    if (!meter.spend(length)) return false;
    if (!includes(outer.addresses[family], inner.addresses[family])) return false;
  }
  return inner.pods.entries().every(([key, peer]) => {
    if (!meter.spend(1)) return false;
    if (outer.pods.has(key)) return true;
    if (!meter.spend(outer.pods.size)) return false;
    const stranger = findPod(everyPod, peer, [...outer.pods.values()], meter);
    // Nobody was found outside: there is nobody, or the search was cut short.
    return stranger === undefined && !meter.exhausted();
  });
}

/** The own namespace by its name, so that it compares with selectors of namespaces. */
function named(peer: PodPeer, namespace: string): PodPeer {
  if (peer.namespaces !== "own") return peer;
  return { ...peer, namespaces: selectorOf(new Map([[namespaceNameLabel, oneOf([namespace])]])) };
}
