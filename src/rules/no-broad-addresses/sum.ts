import { activeAmong } from "../../netpol/active.ts";
import type { Family } from "../../netpol/address.ts";
import type { PortAxis } from "../../netpol/axis.ts";
import { everyAddress } from "../../netpol/before.ts";
import type { Direction, PolicyRule } from "../../netpol/model.ts";
import { emptyPorts, isEmpty, type Port, type PortSet, type Protocol } from "../../netpol/ports.ts";
import {
  contains,
  intersect,
  size,
  type Span,
  type Spans,
  subtract,
  union,
} from "../../netpol/spans.ts";
import { sweep } from "../../netpol/sweep.ts";
import { createTree } from "../../netpol/tree.ts";
import type { Judged } from "../rule.ts";
import { carry, carryTogether } from "./carry.ts";
import { type Contributor, type Group, groupByRule } from "./contributor.ts";
import { isInternet } from "./internet.ts";
import { axisOfRules, layersOf } from "./layers.ts";

/** Ports on which the union of blocks is too broad, and by which block. */
export type Excess = {
  readonly carrier: Contributor;
  readonly others: readonly Contributor[];
  /** Blocks of other policies that lead to the internet, where their ports add up to too many. */
  readonly internet?: readonly Contributor[];
  readonly port: Port;
  /** Addresses like the witness: admitted, and not before. */
  readonly span: Span;
  readonly ports: PortSet;
  /** A single aligned block is too large; otherwise the sum is. */
  readonly isBlock: boolean;
};

export type Sum = {
  readonly family: Family;
  readonly protocol: Protocol;
  /** Where on the axis of ports the union is too broad, new or not. */
  readonly places: Spans;
  /** Port numbers on which the union is too broad and has internet blocks, new or not. */
  readonly internet: Spans;
  readonly excesses: readonly Excess[];
};

/** How the rules of several policies are judged. */
export type Together = {
  /** The same axis for every set of policies, so that their places can be compared. */
  readonly axisOf: (protocol: Protocol) => PortAxis;
  /** Where an excess is worth a finding, by family and protocol. */
  readonly within: (family: Family, protocol: Protocol) => Spans;
  /** The rules that may carry it. */
  readonly carries: (rule: PolicyRule) => boolean;
};

/**
 * Judges the union of the contributors' blocks on every port of one protocol. On egress a named
 * port counts as every number, because the destination chooses which one it is.
 */
export function sumUp(
  judged: Judged,
  direction: Direction,
  family: Family,
  protocol: Protocol,
  all: readonly Contributor[],
  together?: Together,
): Sum {
  const nothing: Sum = { family, protocol, places: [], internet: [], excesses: [] };
  const contributors = all.filter(({ rule }) => !isEmpty(rule.ports[protocol]));
  if (isSurelyNarrow(judged, family, contributors)) return nothing;
  const groups = groupByRule(contributors, together?.carries);
  if (!isEverBroad(judged, family, groups)) return nothing;
  const within = together?.within(family, protocol);
  const axis =
    together?.axisOf(protocol) ??
    axisOfRules(
      protocol,
      direction,
      groups.map(({ rule }) => rule),
      judged.before[direction].addresses[family],
    );
  const layers = layersOf(judged, { direction, family, axis }, groups);
  const measure = judged.standard.measure[family];
  const last = everyAddress(family)[0]?.hi ?? 0n;
  const ground = { last, excluded: measure.excluded, bucket: measure.bucket };
  const tree = createTree(
    ground,
    layers.map(({ set }) => set),
  );
  const isBroad = () => tree.hasBucket() || tree.covered() > measure.limit;

  const numbers: Span[] = [];
  const found = new Map<Group, { readonly first: Excess; readonly spans: Span[] }>();
  sweep(layers, tree, judged.meter, (atom, active) => {
    if (!isBroad()) return;
    numbers.push(atom);
    if (within !== undefined && !contains(within, atom.lo)) return;
    const fresh = tree.findFresh();
    const widest = groups[active.next(0)];
    if (fresh === undefined || widest?.carries !== true) return;
    const known = found.get(widest)?.spans;
    known?.push(atom);
    if (known !== undefined) return;
    const here = activeAmong(active, groups.length).flatMap((index) => groups[index] ?? []);
    if (!judged.meter.spend(here.length)) return;
    const carried =
      together === undefined
        ? { ...carry(widest, here, fresh.lo), span: fresh }
        : carryTogether(
            judged,
            measure.excluded,
            here,
            layers.filter((_, i) => active.has(i)),
          );
    if (carried === undefined) return;
    const first: Excess = {
      ...carried,
      port: axis.portAt(atom.lo),
      ports: emptyPorts,
      isBlock: tree.hasBucket(),
    };
    found.set(widest, { first, spans: [atom] });
  });
  const excesses: Excess[] = [];
  for (const { first, spans } of found.values()) {
    excesses.push({ ...first, ports: { ...emptyPorts, [protocol]: axis.portsIn(spans) } });
  }
  const internet = groups
    .filter(({ members }) => members.some((member) => isInternet(judged, member)))
    .flatMap(({ rule }) => rule.ports[protocol].numbers);
  const places = union(numbers);
  return { family, protocol, places, internet: intersect(places, union(internet)), excesses };
}

/** True when the blocks are narrow enough even if none of them overlapped. */
function isSurelyNarrow(
  { standard }: Judged,
  family: Family,
  contributors: readonly Contributor[],
): boolean {
  const { limit, bucket } = standard.measure[family];
  let sum = 0n;
  for (const { width } of contributors) sum += width;
  return sum <= limit && (bucket === undefined || sum < bucket);
}

/** With every block at once: what is narrow enough even so needs no look at single ports. */
function isEverBroad(
  { meter, standard }: Judged,
  family: Family,
  groups: readonly Group[],
): boolean {
  const spans = groups.flatMap((group) => group.spans);
  if (!meter.spend(spans.length)) return false;
  const { excluded, limit, bucket } = standard.measure[family];
  const all = subtract(union(spans), excluded);
  return size(all) > limit || (bucket !== undefined && all.some((one) => holds(one, bucket)));
}

/** True when the span has a whole aligned bucket. */
function holds({ lo, hi }: Span, bucket: bigint): boolean {
  const start = ((lo + bucket - 1n) / bucket) * bucket;
  return start + bucket - 1n <= hi;
}
