import { namespaceNameLabel } from "../api/names.ts";
import { type Domain, intersect, isEmpty, negate, pick } from "./domain.ts";
import type { Meter } from "./meter.ts";
import type { PodPeer } from "./model.ts";
import type { Population } from "./population.ts";
import type { Selector } from "./selector.ts";

/** A concrete pod; labels that are not listed are absent. */
export type Pod = {
  readonly namespaceLabels: ReadonlyMap<string, string>;
  readonly podLabels: ReadonlyMap<string, string>;
};

/** What each label of namespace and pod may be; together every combination of them. */
type Box = { readonly namespace: Labels; readonly pod: Labels };
type Labels = Map<string, Domain>;
type Side = keyof Box;
/** What a peer asks for. */
type Wanted = { readonly [S in Side]: ReadonlyMap<string, Domain> };

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
  if (wanted.namespaces === "own") return undefined;
  const start = startIn(population, wantedBy(wanted.namespaces, wanted.pods));
  if (start === undefined) return undefined;
  const cuts = others.flatMap(({ namespaces, pods }) =>
    namespaces === "own" ? [] : [wantedBy(namespaces, pods)],
  );
  const open = [{ box: start, next: 0 }];
  for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
    const cut = cuts[piece.next];
    if (cut === undefined) return podIn(piece.box);
    if (!meter.spend(1 + cut.namespace.size + cut.pod.size)) return undefined;
    const pieces = leftOver(population, piece.box, cut);
    const copied = (pieces.length - 1) * (piece.box.namespace.size + piece.box.pod.size);
    if (copied > 0 && !meter.spend(copied)) return undefined;
    for (const box of pieces) open.push({ box, next: piece.next + 1 });
  }
  return undefined;
}

function wantedBy(namespaces: Selector, pods: Selector): Wanted {
  return { namespace: namespaces.keys, pod: pods.keys };
}

/** The pods of the population in the box; undefined when there are none. */
function startIn(population: Population, wanted: Wanted): Box | undefined {
  const name = [namespaceNameLabel, population.namespaceLabel(namespaceNameLabel)] as const;
  const start = { namespace: new Map<string, Domain>([name]), pod: new Map<string, Domain>() };
  for (const [side, key, domain] of entriesOf(wanted)) {
    const inside = intersect(allowed(population, side, key), domain);
    if (isEmpty(inside)) return undefined;
    start[side].set(key, inside);
  }
  return start;
}

/** What is left of a box after `cut` is taken out: disjoint boxes. The box itself is used up. */
function leftOver(population: Population, box: Box, cut: Wanted): readonly Box[] {
  const differing: { side: Side; key: string; inside: Domain; outside: Domain }[] = [];
  for (const [side, key, domain] of entriesOf(cut)) {
    const has = box[side].get(key) ?? allowed(population, side, key);
    const inside = intersect(has, domain);
    // Nothing in common with this cut: the whole box is left over.
    if (isEmpty(inside)) return [box];
    const outside = intersect(has, negate(domain));
    if (!isEmpty(outside)) differing.push({ side, key, inside, outside });
  }
  return differing.map(({ side, key, inside, outside }, index) => {
    // The last piece takes the box over, so that a chain of cuts does not copy it each time.
    const isLast = index === differing.length - 1;
    const piece = isLast ? box : { namespace: new Map(box.namespace), pod: new Map(box.pod) };
    piece[side].set(key, outside);
    if (!isLast) box[side].set(key, inside);
    return piece;
  });
}

function entriesOf(box: Wanted): readonly (readonly [Side, string, Domain])[] {
  return [
    ...[...box.namespace].map(([key, domain]) => ["namespace", key, domain] as const),
    ...[...box.pod].map(([key, domain]) => ["pod", key, domain] as const),
  ];
}

function allowed(population: Population, side: Side, key: string): Domain {
  return side === "namespace" ? population.namespaceLabel(key) : population.podLabel(key);
}

function podIn(box: Box): Pod {
  return { namespaceLabels: labelsIn(box.namespace), podLabels: labelsIn(box.pod) };
}

function labelsIn(labels: Labels): ReadonlyMap<string, string> {
  return new Map(
    [...labels].flatMap(([key, domain]) => {
      const value = pick(domain);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}
