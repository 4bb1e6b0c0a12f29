import { activeAmong } from "../../netpol/active.ts";
import type { Family } from "../../netpol/address.ts";
import { axisOf } from "../../netpol/axis.ts";
import type { AddressPeer, Direction, PolicyRule } from "../../netpol/model.ts";
import { nowhere, placesOf, unitePlaces } from "../../netpol/places.ts";
import {
  everyNumber,
  isEmpty,
  isWhole,
  type Port,
  type Protocol,
  protocols,
  unite,
} from "../../netpol/ports.ts";
import {
  contains,
  firstEndingAt,
  intersect,
  type Span,
  type Spans,
  union,
} from "../../netpol/spans.ts";
import { type Layer, sweep } from "../../netpol/sweep.ts";
import { channels, createTree } from "../../netpol/tree.ts";
import { describeWitness } from "../describe.ts";
import type { Judged } from "../rule.ts";
import { countPorts } from "./count.ts";
import type { Excess, Found, Together } from "./excess.ts";

/** The blocks of one family that a rule admits. */
type Member = {
  readonly rule: PolicyRule;
  readonly peers: readonly AddressPeer[];
  readonly spans: Spans;
  readonly counts: { readonly [P in Protocol]: bigint };
};

/** Addresses of a rule that have too many ports, with the first port that is new on them. */
type Stretch = { readonly atom: Span; readonly port: Port };
type Carried = {
  readonly count: bigint;
  readonly others: readonly Member[];
  readonly stretches: Stretch[];
};

const everywhere: Together = { at: nowhere, carries: () => true };

/** Addresses with too many ports, counted address by address over all rules that admit them. */
export function excessOfAddresses(
  judged: Judged,
  direction: Direction,
  rules: readonly PolicyRule[],
  together?: Together,
): Found {
  const found = ([4, 6] as const).flatMap((family) => {
    const members = rules.flatMap((rule) => memberOf(rule, family) ?? []);
    return protocols.flatMap((protocol) => {
      const counted = members
        .filter(({ rule }) => !isEmpty(rule.ports[protocol]))
        .toSorted((a, b) => compare(a, b, protocol));
      const all = unite(counted.map(({ rule }) => rule.ports));
      if (counted.length === 0 || countPorts(all[protocol]) <= limitOf(judged)) return [];
      return [sweepAddresses(judged, { direction, family, protocol }, counted, together)];
    });
  });
  return {
    places: unitePlaces(found.map(({ places }) => places)),
    carried: unitePlaces(found.map(({ carried }) => carried)),
    excesses: found.flatMap(({ excesses }) => excesses),
  };
}

/** Most ports first; ties by the name of their policy. */
function compare(a: Member, b: Member, protocol: Protocol): number {
  const more = b.counts[protocol] - a.counts[protocol];
  const [one, other] = [a.rule.policy.name, b.rule.policy.name];
  return more === 0n ? (one < other ? -1 : one > other ? 1 : 0) : Number(more);
}

function memberOf(rule: PolicyRule, family: Family): Member | undefined {
  const peers = (rule.peers ?? [])
    .filter((peer): peer is AddressPeer => peer.kind === "addresses")
    .filter(({ block }) => block.family === family && block.spans.length > 0);
  if (peers.length === 0) return undefined;
  const { TCP, UDP, SCTP } = rule.ports;
  return {
    rule,
    peers,
    spans: union(peers.flatMap(({ block }) => block.spans)),
    counts: { TCP: countPorts(TCP), UDP: countPorts(UDP), SCTP: countPorts(SCTP) },
  };
}

function limitOf({ standard }: Judged): bigint {
  return BigInt(standard.parameters.maxPorts);
}

type Where = {
  readonly direction: Direction;
  readonly family: Family;
  readonly protocol: Protocol;
};

function sweepAddresses(
  judged: Judged,
  { direction, family, protocol }: Where,
  counted: readonly Member[],
  together: Together | undefined,
): Found {
  const key = `${family}/${protocol}`;
  const { carries } = together ?? everywhere;
  const within = together === undefined ? undefined : (together.at.get(key) ?? []);
  // Those that may carry a finding come first.
  const members = [
    ...counted.filter(({ rule }) => carries(rule)),
    ...counted.filter(({ rule }) => !carries(rule)),
  ];
  const olds = judged.before[direction].addresses[family];
  const mentioned = [...members.map(({ rule }) => rule), ...olds];
  const axis = axisOf(
    protocol,
    mentioned.map(({ ports }) => ports[protocol]),
  );
  const covers: Layer[] = [];
  const rest: Layer[] = [];
  for (const { rule, spans: over } of members) {
    const ports = rule.ports[protocol];
    const set = axis.place(ports);
    if (isWhole(ports)) {
      // A whole protocol covers every name but counts its numbers only.
      covers.push({ channel: channels.cover, over, set: [everyNumber] });
      if (carries(rule)) rest.push({ channel: channels.fresh, over, set });
    } else {
      const channel = carries(rule) ? channels.cover | channels.fresh : channels.cover;
      covers.push({ channel, over, set });
    }
  }
  for (const old of olds) {
    rest.push({ channel: channels.old, over: old.set, set: axis.place(old.ports[protocol]) });
  }
  const layers = [...covers, ...rest];
  const last = everyNumber.hi + BigInt(axis.names.length);
  const ground = { last, excluded: [], bucket: undefined };
  const tree = createTree(
    ground,
    layers.map(({ set }) => set),
  );
  const placeOf = ({ ports }: PolicyRule) => axis.place(ports[protocol])[0]?.lo;
  const found = new Map<Member, Carried>();
  const limit = limitOf(judged);
  const places: Span[] = [];
  sweep(layers, tree, judged.meter, (atom, active) => {
    if (tree.covered() <= limit) return;
    places.push(atom);
    if (within !== undefined && !contains(within, atom.lo)) return;
    const widest = members[active.next(0)];
    const fresh = tree.findFresh();
    if (widest === undefined || !carries(widest.rule) || fresh === undefined) return;
    // Where nothing was admitted before, a port of the carrier itself says more.
    const own = olds.length > 0 || together === undefined ? undefined : placeOf(widest.rule);
    const stretch = { atom, port: axis.portAt(own ?? fresh.lo) };
    const known = found.get(widest)?.stretches;
    known?.push(stretch);
    if (known !== undefined) return;
    const here = activeAmong(active, members.length).flatMap((index) => members[index] ?? []);
    if (!judged.meter.spend(here.length)) return;
    const others = here.filter((other) => other !== widest).toSorted(byPolicy(widest, protocol));
    found.set(widest, { count: countOf(here, protocol), others, stretches: [stretch] });
  });
  const excesses = [...found].flatMap(([{ rule, peers }, one]) => {
    const atoms = one.stretches.map(({ atom }) => atom);
    return peers.flatMap(
      (peer) => reportPeer({ direction, family, protocol }, rule, peer, one, atoms) ?? [],
    );
  });
  const carried = [...found.values()].flatMap(({ stretches }) => stretches.map(({ atom }) => atom));
  return {
    places: placesOf([[key, union(places)]]),
    carried: placesOf([[key, union(carried)]]),
    excesses,
  };
}

function countOf(members: readonly Member[], protocol: Protocol): bigint {
  return countPorts(unite(members.map(({ rule }) => rule.ports))[protocol]);
}

/** Rules of other policies first: the reader does not have them before the eyes. */
function byPolicy({ rule }: Member, protocol: Protocol): (a: Member, b: Member) => number {
  const rank = ({ rule: { policy } }: Member) => (policy === rule.policy ? 1 : 0);
  return (a, b) => rank(a) - rank(b) || compare(a, b, protocol);
}

function reportPeer(
  { direction, protocol }: Where,
  rule: PolicyRule,
  peer: AddressPeer,
  { count, others, stretches }: Carried,
  atoms: Spans,
): Excess | undefined {
  const { family, spans } = peer.block;
  const [first] = intersect(spans, atoms);
  if (first === undefined) return undefined;
  const stretch = stretches[firstEndingAt(atoms, first.lo)];
  if (stretch === undefined) return undefined;
  const witness = describeWitness(direction, { family, value: first.lo }, stretch.port);
  return { rule, peer, protocol, count, others: others.map((other) => other.rule), witness };
}
