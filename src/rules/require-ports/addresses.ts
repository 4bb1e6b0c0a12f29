import type { Family } from "../../netpol/address.ts";
import { axisOf } from "../../netpol/axis.ts";
import type { AddressPeer, Direction, PolicyRule } from "../../netpol/model.ts";
import {
  everyNumber,
  isEmpty,
  isWhole,
  type Protocol,
  protocols,
  unite,
} from "../../netpol/ports.ts";
import { type Layer, sweep } from "../../netpol/sweep.ts";
import { channels, createTree } from "../../netpol/tree.ts";
import { describeWitness } from "../describe.ts";
import type { Judged } from "../rule.ts";
import { countPorts } from "./count.ts";
import type { Excess } from "./excess.ts";

/** Addresses with too many ports, counted address by address over all rules that admit them. */
export function excessOfAddresses(
  judged: Judged,
  direction: Direction,
  rules: readonly PolicyRule[],
): readonly Excess[] {
  return ([4, 6] as const).flatMap((family) =>
    protocols.flatMap((protocol) => {
      const members = rules
        .filter((rule) => !isEmpty(rule.ports[protocol]))
        .flatMap((rule) => blocksOf(rule, family).map((peer) => ({ rule, peer })))
        .toSorted((a, b) => Number(countOf(b, protocol) - countOf(a, protocol)));
      const all = unite([...new Set(members.map(({ rule }) => rule.ports))]);
      if (members.length === 0 || countPorts(all[protocol]) <= limitOf(judged)) return [];
      return sweepAddresses(judged, direction, family, protocol, members);
    }),
  );
}

type Member = { readonly rule: PolicyRule; readonly peer: AddressPeer };

function blocksOf(rule: PolicyRule, family: Family): readonly AddressPeer[] {
  return (rule.peers ?? [])
    .filter((peer): peer is AddressPeer => peer.kind === "addresses")
    .filter(({ block }) => block.family === family && block.spans.length > 0);
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
  const axis = axisOf(protocol, [
    ...members.map(({ rule }) => rule.ports[protocol]),
    ...olds.map(({ ports }) => ports[protocol]),
  ]);
  const counted: Layer[] = [];
  const rest: Layer[] = [];
  for (const { rule, peer } of members) {
    const over = peer.block.spans;
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
  const tree = createTree(
    { last, excluded: [], bucket: undefined },
    layers.map(({ set }) => set),
  );
  const found = new Map<AddressPeer, Excess>();
  sweep(layers, tree, judged.meter, (atom, active) => {
    if (tree.covered() <= limitOf(judged)) return;
    const peer = members[active.subarray(0, members.length).indexOf(1)]?.peer;
    const fresh = tree.findFresh();
    if (peer === undefined || fresh === undefined || found.has(peer)) return;
    if (!judged.meter.spend(members.length)) return;
    const here = members.filter((_, index) => active[index] === 1);
    // The tree counts names beside a whole protocol too; that shows only where so many are allowed.
    const count = countPorts(unite(here.map(({ rule }) => rule.ports))[protocol]);
    if (count <= limitOf(judged)) return;
    const port = axis.portAt(fresh.lo);
    const others = here.map((member) => member.peer).filter((other) => other !== peer);
    const witness = describeWitness(direction, { family, value: atom.lo }, port);
    found.set(peer, { peer, protocol, count, others, witness });
  });
  return [...found.values()];
}
