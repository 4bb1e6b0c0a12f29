import { namespaceNameLabel } from "../api/names.ts";
import { type Demand, demandsOf, type Side, together } from "./demands.ts";
import { allowsAll, type Domain, intersect, isEmpty, negate, overlaps, pick } from "./domain.ts";
import type { Meter } from "./meter.ts";
import type { PodPeer } from "./model.ts";
import type { Population } from "./population.ts";

/** A concrete pod; labels that are not listed are absent. */
export type Pod = {
  readonly namespaceLabels: ReadonlyMap<string, string>;
  readonly podLabels: ReadonlyMap<string, string>;
};

/** What each label of namespace and pod may be; together every combination of them. */
type Box = { readonly [S in Side]: Labels };
type Labels = Map<string, Domain>;

/** Pods to leave out, and what it costs to compare a box with them. */
type Cut = { readonly demands: readonly Demand[]; readonly steps: number };

/** A demand that a part of the box satisfies. */
type Difference = Demand & { readonly has: Domain };

/** What it costs to compare or copy one of the values that a label may have. */
const stepsPerValue = 0.04;

/**
 * A pod of the population that `wanted` selects and none of `others` does. Exact: the pods wanted
 * are cut at every other peer into the combinations that it leaves over. "Own namespace" peers
 * select nobody of a population outside of it. Undefined also when the meter runs out.
 */
export function findPod(
  population: Population,
  wanted: PodPeer,
  others: readonly PodPeer[],
  meter: Meter,
): Pod | undefined {
  const start = startIn(population, demandsOf(wanted));
  if (start === undefined) return undefined;
  const outside = others.map(demandsOf).filter((demands) => demands !== undefined);
  const cuts = together(outside).map(cutAt);
  const open = [{ box: start, next: 0 }];
  for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
    const cut = cuts[piece.next];
    if (cut === undefined) return podIn(piece.box);
    if (!meter.spend(cut.steps)) return undefined;
    const differences = compare(population, piece.box, cut);
    if (!meter.spend(stepsToSplit(piece.box, differences))) return undefined;
    const next = piece.next + 1;
    for (const box of leftOver(piece.box, differences)) open.push({ box, next });
  }
  return undefined;
}

/** The pods of the population in the box; undefined when there are none. */
function startIn(population: Population, demands: readonly Demand[] | undefined): Box | undefined {
  if (demands === undefined) return undefined;
  const name = [namespaceNameLabel, population.namespaceLabel(namespaceNameLabel)] as const;
  const start = { namespace: new Map<string, Domain>([name]), pod: new Map<string, Domain>() };
  for (const { side, key, domain } of demands) {
    const inside = intersect(allowed(population, side, key), domain);
    if (isEmpty(inside)) return undefined;
    start[side].set(key, inside);
  }
  return start;
}

function cutAt(demands: readonly Demand[]): Cut {
  const values = demands.reduce((sum, { domain }) => sum + domain.values.length, 0);
  return { demands, steps: 1 + demands.length + stepsPerValue * values };
}

/** Where the cut leaves something of the box over; undefined when they have nothing in common. */
function compare(
  population: Population,
  box: Box,
  { demands }: Cut,
): readonly Difference[] | undefined {
  const differences: Difference[] = [];
  for (const { side, key, domain } of demands) {
    const has = box[side].get(key) ?? allowed(population, side, key);
    if (!overlaps(has, domain)) return undefined;
    if (!allowsAll(domain, has)) differences.push({ side, key, domain, has });
  }
  return differences;
}

/** Each difference but the last copies the box, and each what its label may be. */
function stepsToSplit(box: Box, differences: readonly Difference[] = []): number {
  const copies = Math.max(0, differences.length - 1) * (box.namespace.size + box.pod.size);
  const values = differences.reduce((sum, { has }) => sum + has.values.length, 0);
  return copies + stepsPerValue * values;
}

/** What is left of a box after a cut is taken out: disjoint boxes. The box itself is used up. */
function leftOver(box: Box, differences: readonly Difference[] | undefined): readonly Box[] {
  if (differences === undefined) return [box];
  return differences.map(({ side, key, domain, has }, index) => {
    // The last piece takes the box over, so that a chain of cuts does not copy it each time.
    const isLast = index === differences.length - 1;
    const piece = isLast ? box : { namespace: new Map(box.namespace), pod: new Map(box.pod) };
    piece[side].set(key, intersect(has, negate(domain)));
    if (!isLast) box[side].set(key, intersect(has, domain));
    return piece;
  });
}

function allowed(population: Population, side: Side, key: string): Domain {
  return side === "namespace" ? population.namespaceLabel(key) : population.podLabel(key);
}

function podIn(box: Box): Pod {
  return { namespaceLabels: labelsIn(box.namespace), podLabels: labelsIn(box.pod) };
}

function labelsIn(labels: Labels): ReadonlyMap<string, string> {
  const picked = new Map<string, string>();
  for (const [key, domain] of labels) {
    const value = pick(domain);
    if (value !== undefined) picked.set(key, value);
  }
  return picked;
}
