import type { Address, Family } from "./address.ts";
import { axisOf } from "./axis.ts";
import { type Before, everyAddress, type OldAddresses, type OldPods } from "./before.ts";
import type { Meter } from "./meter.ts";
import type { PodPeer } from "./model.ts";
import type { Population } from "./population.ts";
import {
  admits,
  everyPortOf,
  firstPort,
  hasNoPort,
  isEmpty,
  isWhole,
  type Port,
  type Ports,
  type PortSet,
  type Protocol,
  protocols,
  without,
} from "./ports.ts";
import { findPod, type Pod } from "./search.ts";
import { overlaps, type Spans } from "./spans.ts";
import { meets, stretches } from "./stretches.ts";
import { type Layer, sweep } from "./sweep.ts";
import { channels, createTree } from "./tree.ts";

/** What it costs to see that an old rule is about other ports. */
const stepsPerOld = 0.25;

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
  if (before.pods.length === 0) {
    const pod = findPod(population, peer, [], meter);
    const port = firstPort(ports);
    return pod && port && { pod, port };
  }
  const left = without(without(ports, before.portsOfPods(peer)), before.portsOfEveryone);
  if (hasNoPort(left) || !meter.spend(1 + stepsPerOld * before.pods.length)) return undefined;
  const mayBeWhole = (protocol: Protocol) =>
    before.wholes.has(protocol) && left[protocol].names.size > 0;
  const olds = before.pods.filter((old) =>
    protocols.some(
      (protocol) =>
        meets(old.ports[protocol], left[protocol]) ||
        (mayBeWhole(protocol) && !isEmpty(old.ports[protocol])),
    ),
  );
  let last: readonly OldPods[] | undefined;
  for (const { port, number } of numbered(left, olds, before)) {
    if (!meter.spend(1 + olds.length)) return undefined;
    const admitting = olds.filter(
      (old) => admits(old.ports, port) || (number && admits(old.ports, number)),
    );
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

/**
 * The ports to look at. A name is some number: where old rules opened a whole protocol together,
 * it is looked at once for each number that it may be.
 */
function* numbered(
  left: PortSet,
  olds: readonly OldPods[],
  { wholes }: Before,
): Generator<{ readonly port: Port; readonly number?: Port }> {
  const cutters = olds.map((old) => old.ports);
  for (const port of stretches(left, cutters)) {
    const { protocol } = port;
    if (typeof port.port === "bigint" || !wholes.has(protocol)) {
      yield { port };
      continue;
    }
    for (const number of stretches(everyPortOf(protocol), cutters)) {
      if (typeof number.port === "bigint") yield { port, number };
    }
  }
}

/** An address of the set that is admitted on one of the ports and was not before. */
export function findNewAddress(
  family: Family,
  spans: Spans,
  ports: PortSet,
  before: Before,
  meter: Meter,
): AddressWitness | undefined {
  const all = before.addresses[family];
  const [first] = spans;
  if (first === undefined) return undefined;
  if (all.length === 0) {
    const port = firstPort(ports);
    return port && { address: { family, value: first.lo }, port };
  }
  const left = without(ports, before.portsOfEveryone);
  if (hasNoPort(left) || !meter.spend(1 + stepsPerOld * all.length)) return undefined;
  for (const protocol of protocols) {
    if (isEmpty(left[protocol])) continue;
    const found = findOnProtocol(protocol, { family, spans, ports: left[protocol] }, all, meter);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Wanted = { readonly family: Family; readonly spans: Spans; readonly ports: Ports };

function findOnProtocol(
  protocol: Protocol,
  { family, spans, ports }: Wanted,
  all: readonly OldAddresses[],
  meter: Meter,
): AddressWitness | undefined {
  const olds = all.filter((old) => meets(old.ports[protocol], ports) && overlaps(old.set, spans));
  // A whole protocol has every name, also one that was admitted on other addresses.
  const mentioned = isWhole(ports) ? all : olds;
  const axis = axisOf(protocol, [ports, ...mentioned.map((old) => old.ports[protocol])]);
  const layers: Layer[] = [
    { channel: channels.fresh, over: axis.place(ports), set: spans },
    ...olds.map((old) => ({
      channel: channels.old,
      over: axis.place(old.ports[protocol]),
      set: old.set,
    })),
  ];
  const [everywhere] = everyAddress(family);
  const ground = { last: everywhere?.hi ?? 0n, excluded: [], bucket: undefined };
  const tree = createTree(
    ground,
    layers.map(({ set }) => set),
  );
  let found: AddressWitness | undefined;
  sweep(layers, tree, meter, (atom, active) => {
    const fresh = found === undefined && active.has(0) ? tree.findFresh() : undefined;
    if (fresh === undefined) return;
    found = { address: { family, value: fresh.lo }, port: axis.portAt(atom.lo) };
  });
  return found;
}
