import type { Family } from "../../netpol/address.ts";
import { axisOf, type PortAxis } from "../../netpol/axis.ts";
import { everyAddress, type OldAddresses } from "../../netpol/before.ts";
import type { Direction } from "../../netpol/model.ts";
import {
  emptyPorts,
  everyNumber,
  isEmpty,
  type Port,
  type Ports,
  type PortSet,
  type Protocol,
} from "../../netpol/ports.ts";
import { contains, intersect, type Span, type Spans, subtract, union } from "../../netpol/spans.ts";
import { activeAmong, type Layer, stepsPerSpan, sweep } from "../../netpol/sweep.ts";
import { channels, type CoverTree, createTree } from "../../netpol/tree.ts";
import type { Judged } from "../rule.ts";
import { type Contributor, type Group, groupByRule } from "./contributor.ts";
import { isInternet } from "./internet.ts";

/** Ports on which the union of blocks is too broad, and by which block. */
export type Excess = {
  readonly carrier: Contributor;
  readonly others: readonly Contributor[];
  readonly port: Port;
  /** Addresses like the witness: admitted, and not before. */
  readonly span: Span;
  readonly ports: PortSet;
  /** A single aligned block is too large; otherwise the sum is. */
  readonly isBlock: boolean;
};

export type Sum = {
  readonly protocol: Protocol;
  /** Port numbers on which the union is too broad and has internet blocks, new or not. */
  readonly internet: Spans;
  readonly excesses: readonly Excess[];
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
): Sum {
  const nothing: Sum = { protocol, internet: [], excesses: [] };
  const contributors = all.filter(({ rule }) => !isEmpty(rule.ports[protocol]));
  if (isSurelyNarrow(judged, family, contributors)) return nothing;
  const groups = groupByRule(contributors);
  const { layers, axis } = layersOf(judged, direction, family, protocol, groups);
  const measure = judged.standard.measure[family];
  const last = everyAddress(family)[0]?.hi ?? 0n;
  const ground = { last, excluded: measure.excluded, bucket: measure.bucket };
  const tree = createTree(
    ground,
    layers.map(({ set }) => set),
  );
  const isBroad = () => tree.hasBucket() || tree.covered() > measure.limit;
  if (!isEverBroad(judged, tree, groups, isBroad)) return nothing;

  const numbers: Span[] = [];
  const found = new Map<Group, { readonly first: Excess; readonly spans: Span[] }>();
  sweep(layers, tree, judged.meter, (atom, active) => {
    if (!isBroad()) return;
    numbers.push(atom);
    const fresh = tree.findFresh();
    const widest = groups[active.subarray(0, groups.length).indexOf(1)];
    if (fresh === undefined || widest === undefined) return;
    const known = found.get(widest)?.spans;
    known?.push(atom);
    if (known !== undefined) return;
    const here = activeAmong(active, groups.length).flatMap((index) => groups[index] ?? []);
    if (!judged.meter.spend(here.length)) return;
    const first: Excess = {
      ...carry(widest, here, fresh.lo),
      port: axis.portAt(atom.lo),
      span: fresh,
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
  return { protocol, internet: intersect(union(numbers), union(internet)), excesses };
}

/** The groups' layers in their order, then what else is new, then what was there before. */
function layersOf(
  judged: Judged,
  direction: Direction,
  family: Family,
  protocol: Protocol,
  groups: readonly Group[],
): { readonly layers: readonly Layer[]; readonly axis: PortAxis } {
  const olds = judged.before[direction].addresses[family];
  const isAnyNumber = ({ names }: Ports) => direction === "egress" && names.size > 0;
  const axis = axisOf(
    protocol,
    direction === "egress"
      ? []
      : [...groups.map(({ rule }) => rule), ...olds].map(({ ports }) => ports[protocol]),
  );
  const covers: Layer[] = [];
  const rest: Layer[] = [];
  const byName = oldSpansByName(olds, protocol);
  for (const { rule, spans: set } of groups) {
    const ports = rule.ports[protocol];
    const over = axis.place(ports);
    if (!isAnyNumber(ports)) {
      covers.push({ channel: channels.cover | channels.fresh, over, set });
      continue;
    }
    covers.push({ channel: channels.cover, over: [everyNumber], set });
    rest.push({ channel: channels.fresh, over, set });
    // What was reached by the same name before was reached on the same number, whichever it is.
    for (const name of ports.names) {
      const known = byName.get(name) ?? [];
      if (!judged.meter.spend(known.length)) break;
      const added = subtract(set, known);
      rest.push({ channel: channels.fresh, over: [everyNumber], set: added });
    }
  }
  for (const { ports, set } of olds) {
    rest.push({ channel: channels.old, over: axis.place(ports[protocol]), set });
  }
  return { layers: [...covers, ...rest], axis };
}

function oldSpansByName(
  olds: readonly OldAddresses[],
  protocol: Protocol,
): ReadonlyMap<string, Spans> {
  const byName = new Map<string, Span[]>();
  for (const { ports, set } of olds) {
    for (const name of ports[protocol].names) {
      const spans = byName.get(name) ?? [];
      spans.push(...set);
      byName.set(name, spans);
    }
  }
  return new Map([...byName].map(([name, spans]) => [name, union(spans)]));
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
  { meter }: Judged,
  tree: CoverTree,
  groups: readonly Group[],
  isBroad: () => boolean,
): boolean {
  for (const { spans } of groups) {
    if (!meter.spend(stepsPerSpan * spans.length)) return false;
    tree.add(spans, channels.cover);
  }
  const isEver = isBroad();
  for (const { spans } of groups) tree.remove(spans, channels.cover);
  return isEver;
}

/** The widest block that holds the witness carries the finding and names the others. */
function carry(
  { widest }: Group,
  here: readonly Group[],
  address: bigint,
): Pick<Excess, "carrier" | "others"> {
  const all = here.flatMap(({ members }) => members);
  const carrier = all.find(({ spans }) => contains(spans, address)) ?? widest;
  return { carrier, others: all.filter((other) => other !== carrier) };
}
