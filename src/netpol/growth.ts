import type { Address, Family } from "./address.ts";
import { axisOf } from "./axis.ts";
import { type Before, everyAddress, type OldPods } from "./before.ts";
import type { Meter } from "./meter.ts";
import type { PodPeer } from "./model.ts";
import type { Population } from "./population.ts";
import {
  admits,
  firstPort,
  hasNoPort,
  isEmpty,
  type Port,
  type PortSet,
  protocols,
  without,
} from "./ports.ts";
import { findPod, type Pod } from "./search.ts";
import type { Spans } from "./spans.ts";
import { type Layer, sweep } from "./sweep.ts";
import { channels, createTree } from "./tree.ts";

/** A pod that gets in, and a port on which it does. */
export type PodWitness = { readonly pod: Pod; readonly port: Port };
/** An address that gets in, and a port on which it does. */
export type AddressWitness = { readonly address: Address; readonly port: Port };

/**
 * A pod of the population that the peer admits on one of the ports and that was not admitted
 * before; exact unless the meter runs out.
 */
export function findNewPod(
  population: Population,
  peer: PodPeer,
  ports: PortSet,
  before: Before,
  meter: Meter,
): PodWitness | undefined {
  const olds = before.pods;
  if (olds.length === 0) {
    const pod = findPod(population, peer, [], meter);
    const port = firstPort(ports);
    return pod && port && { pod, port };
  }
  const left = without(without(ports, before.portsOfPods(peer)), before.portsOfEveryone);
  if (hasNoPort(left)) return undefined;
  let last: readonly OldPods[] | undefined;
  for (const port of stretches(
    left,
    olds.map((old) => old.ports),
  )) {
    if (!meter.spend(1 + olds.length)) return undefined;
    const admitting = olds.filter((old) => admits(old.ports, port));
    // The same peers as on the stretch before: the same answer.
    if (last?.length === admitting.length && last.every((old, i) => old === admitting[i])) continue;
    last = admitting;
    const pod = findPod(
      population,
      peer,
      admitting.map((old) => old.peer),
      meter,
    );
    if (pod !== undefined) return { pod, port };
  }
  return undefined;
}

/** An address of the set that is admitted on one of the ports and was not before. */
export function findNewAddress(
  family: Family,
  spans: Spans,
  ports: PortSet,
  before: Before,
  meter: Meter,
): AddressWitness | undefined {
  const olds = before.addresses[family];
  const [first] = spans;
  if (first === undefined) return undefined;
  if (olds.length === 0) {
    const port = firstPort(ports);
    return port && { address: { family, value: first.lo }, port };
  }
  const left = without(ports, before.portsOfEveryone);
  if (hasNoPort(left) || !meter.spend(1 + olds.length)) return undefined;
  for (const protocol of protocols) {
    if (isEmpty(left[protocol])) continue;
    const axis = axisOf(protocol, [left[protocol], ...olds.map((old) => old.ports[protocol])]);
    const layers: Layer[] = [
      { channel: channels.fresh, over: axis.place(left[protocol]), set: spans },
      ...olds.map((old) => ({
        channel: channels.old,
        over: axis.place(old.ports[protocol]),
        set: old.set,
      })),
    ];
    const [all] = everyAddress(family);
    const ground = { last: all?.hi ?? 0n, excluded: [], bucket: undefined };
    const tree = createTree(
      ground,
      layers.map(({ set }) => set),
    );
    let found: AddressWitness | undefined;
    sweep(layers, tree, meter, (atom, active) => {
      const fresh = found === undefined && active[0] === 1 ? tree.findFresh() : undefined;
      if (fresh === undefined) return;
      found = { address: { family, value: fresh.lo }, port: axis.portAt(atom.lo) };
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One port of each stretch over which none of `cutters` begins or ends. */
function* stretches(ports: PortSet, cutters: readonly PortSet[]): Generator<Port> {
  for (const protocol of protocols) {
    const axis = axisOf(
      protocol,
      [ports, ...cutters].map((set) => set[protocol]),
    );
    const cuts = cutters.flatMap((set) =>
      axis.place(set[protocol]).flatMap(({ lo, hi }) => [lo, hi + 1n]),
    );
    const sorted = [...new Set(cuts)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    let next = 0;
    for (const { lo, hi } of axis.place(ports[protocol])) {
      yield axis.portAt(lo);
      for (; (sorted[next] ?? hi + 1n) <= hi; next += 1) {
        const at = sorted[next] ?? lo;
        if (at > lo) yield axis.portAt(at);
      }
    }
  }
}
