import type { Family } from "../../netpol/address.ts";
import { axisOf } from "../../netpol/axis.ts";
import type { AddressPeer, Direction, PolicyRule } from "../../netpol/model.ts";
import {
  everyNumber,
  isEmpty,
  isWhole,
  type Port,
  type Protocol,
  protocols,
  unite,
} from "../../netpol/ports.ts";
import { firstEndingAt, intersect, type Span, type Spans, union } from "../../netpol/spans.ts";
import { activeAmong, type Layer, sweep } from "../../netpol/sweep.ts";
import { channels, createTree } from "../../netpol/tree.ts";
import { describeWitness } from "../describe.ts";
import type { Judged } from "../rule.ts";
import { countPorts } from "./count.ts";
import type { Excess } from "./excess.ts";

/** The blocks of one family that a rule admits. */
type Member = {
  readonly rule: PolicyRule;
  readonly peers: readonly AddressPeer[];
  readonly spans: Spans;
};

/** Addresses of a rule that have too many ports, with the first port that is new on them. */
type Stretch = { readonly atom: Span; readonly port: Port };
type Found = {
  readonly count: bigint;
  readonly others: readonly Member[];
  readonly stretches: Stretch[];
};

/** Addresses with too many ports, counted address by address over all rules that admit them. */
export function excessOfAddresses(
  judged: Judged,
  direction: Direction,
  rules: readonly PolicyRule[],
): readonly Excess[] {
  return ([4, 6] as const).flatMap((family) => {
    const members = rules.flatMap((rule) => memberOf(rule, family) ?? []);
    return protocols.flatMap((protocol) => {
      const counted = members
        .filter(({ rule }) => !isEmpty(rule.ports[protocol]))
        .toSorted((a, b) => Number(countOf(b, protocol) - countOf(a, protocol)));
      const all = unite(counted.map(({ rule }) => rule.ports));
      if (counted.length === 0 || countPorts(all[protocol]) <= limitOf(judged)) return [];
      return sweepAddresses(judged, direction, family, protocol, counted);
    });
  });
}

function memberOf(rule: PolicyRule, family: Family): Member | undefined {
  const peers = (rule.peers ?? [])
    .filter((peer): peer is AddressPeer => peer.kind === "addresses")
    .filter(({ block }) => block.family === family && block.spans.length > 0);
  const spans = union(peers.flatMap(({ block }) => block.spans));
  return peers.length === 0 ? undefined : { rule, peers, spans };
}

function countOf({ rule }: Member, protocol: Protocol): bigint {
  return countPorts(rule.ports[protocol]);
}

function limitOf({ standard }: Judged): bigint {
  return BigInt(standard.parameters.maxPorts);
}

function sweepAddresses(
  judged: Judged,
  direction: Direction,
  family: Family,
  protocol: Protocol,
  members: readonly Member[],
): readonly Excess[] {
  const olds = judged.before[direction].addresses[family];
  const mentioned = [...members.map(({ rule }) => rule), ...olds];
  const axis = axisOf(
    protocol,
    mentioned.map(({ ports }) => ports[protocol]),
  );
  const counted: Layer[] = [];
  const rest: Layer[] = [];
  for (const { rule, spans: over } of members) {
    const ports = rule.ports[protocol];
    const set = axis.place(ports);
    if (isWhole(ports)) {
      // A whole protocol covers every name but counts its numbers only.
      counted.push({ channel: channels.cover, over, set: [everyNumber] });
      rest.push({ channel: channels.fresh, over, set });
    } else {
      counted.push({ channel: channels.cover | channels.fresh, over, set });
    }
  }
  for (const old of olds) {
    rest.push({ channel: channels.old, over: old.set, set: axis.place(old.ports[protocol]) });
  }
  const layers = [...counted, ...rest];
  const last = everyNumber.hi + BigInt(axis.names.length);
  const ground = { last, excluded: [], bucket: undefined };
  const tree = createTree(
    ground,
    layers.map(({ set }) => set),
  );
  const found = new Map<Member, Found>();
  sweep(layers, tree, judged.meter, (atom, active) => {
    if (tree.covered() <= limitOf(judged)) return;
    const widest = members[active.subarray(0, members.length).indexOf(1)];
    const fresh = tree.findFresh();
    if (widest === undefined || fresh === undefined) return;
    const stretch = { atom, port: axis.portAt(fresh.lo) };
    const known = found.get(widest)?.stretches;
    known?.push(stretch);
    if (known !== undefined) return;
    const here = activeAmong(active, members.length).flatMap((index) => members[index] ?? []);
    if (!judged.meter.spend(here.length)) return;
    // The tree counts names beside a whole protocol too; that shows only where so many are allowed.
    const count = countPorts(unite(here.map(({ rule }) => rule.ports))[protocol]);
    if (count <= limitOf(judged)) return;
    const others = here.filter((other) => other !== widest);
    found.set(widest, { count, others, stretches: [stretch] });
  });
  return [...found].flatMap(([{ peers }, one]) => {
    const atoms = one.stretches.map(({ atom }) => atom);
    return peers.flatMap((peer) => reportPeer(direction, protocol, peer, one, atoms) ?? []);
  });
}

function reportPeer(
  direction: Direction,
  protocol: Protocol,
  peer: AddressPeer,
  { count, others, stretches }: Found,
  atoms: Spans,
): Excess | undefined {
  const { family, spans } = peer.block;
  const [first] = intersect(spans, atoms);
  if (first === undefined) return undefined;
  const stretch = stretches[firstEndingAt(atoms, first.lo)];
  if (stretch === undefined) return undefined;
  const witness = describeWitness(direction, { family, value: first.lo }, stretch.port);
  return { peer, protocol, count, others: others.map(({ rule }) => rule.path), witness };
}
