import { type Cell, cellsOf } from "../netpol/cells.ts";
import { allowsAll, anything, overlaps } from "../netpol/domain.ts";
import type { Meter } from "../netpol/meter.ts";
import { intersectPlaces, type Places, subtractPlaces } from "../netpol/places.ts";
import type { Selector } from "../netpol/selector.ts";

/** Telling sets of policies apart ends after so many of them. */
export const maxChecks = 4_096;

/** Policies with one and the same subject come and go together. */
export type Unit<T> = { readonly subject: Selector; readonly members: readonly T[] };

/** What is searched for among the sets of units that one imaginary pod satisfies at once. */
export type Hunt<T> = {
  /** Where there would be too much if all of these counted. */
  readonly above: (units: readonly Unit<T>[]) => Places;
  /** Where these are reason enough to look no further, whatever else counts. */
  readonly below: (units: readonly Unit<T>[]) => Places;
  /** What of it is not settled yet. */
  readonly open: (units: readonly Unit<T>[], places: Places) => Places;
  /** Called with each set of units of which no pod satisfies more, and the pods that do. */
  readonly settle: (units: readonly Unit<T>[], pods: Selector, places: Places) => void;
};

type Node<T> = {
  readonly pods: Selector;
  readonly included: readonly Unit<T>[];
  readonly undecided: readonly Unit<T>[];
  /** Where something may still be found. */
  readonly places: Places;
};

/**
 * Goes through the sets of units that some pod satisfies, all of them and no other. What a label
 * may be is cut where the units' selectors differ, one label after the other; a branch ends where
 * nothing can be found any more. Exact; false when it took more than `most` checks or the meter
 * ran out.
 */
export function searchSets<T>(
  units: readonly Unit<T>[],
  within: Selector,
  hunt: Hunt<T>,
  most: number,
  meter: Meter,
): boolean {
  let checks = 0;

  function visit(parent: Node<T>, isSame: boolean): boolean {
    checks += 1;
    if (checks > most || !meter.spend(1 + parent.undecided.length)) return false;
    const node = isSame ? parent : narrow(parent, hunt);
    const open = hunt.open([...node.included, ...node.undecided], node.places);
    if (meter.exhausted()) return false;
    if (open.size === 0) return true;
    const here = { ...node, places: open };
    const key = firstDiffering(here);
    if (key === undefined) {
      hunt.settle(here.included, here.pods, open);
      return !meter.exhausted();
    }
    const cells = cutAt(here, key, meter);
    if (cells === undefined) return false;
    return cells.every((cell) => {
      // What was found in the cells before needs no second look.
      if (hunt.open([...here.included, ...here.undecided], here.places).size === 0) return true;
      const child = decide(here, key, cell);
      const isDown =
        child.included.length + child.undecided.length <
        here.included.length + here.undecided.length;
      return visit(child, !isDown && child.included.length === here.included.length);
    });
  }

  const start = decideAll({ pods: within, included: [], undecided: units, places: new Map() });
  const places = hunt.above([...start.included, ...start.undecided]);
  return visit({ ...start, places }, start.included.length === 0);
}

function narrow<T>(node: Node<T>, hunt: Hunt<T>): Node<T> {
  const above = intersectPlaces(node.places, hunt.above([...node.included, ...node.undecided]));
  return {
    ...node,
    places: above.size === 0 ? above : subtractPlaces(above, hunt.below(node.included)),
  };
}

/** A label on which it depends whether some unit's subject is satisfied. */
function firstDiffering<T>({ pods, undecided }: Node<T>): string | undefined {
  const [first] = undecided;
  for (const [key, domain] of first?.subject.keys ?? []) {
    if (!allowsAll(domain, pods.keys.get(key) ?? anything)) return key;
  }
  return undefined;
}

function cutAt<T>(
  { pods, undecided }: Node<T>,
  key: string,
  meter: Meter,
): readonly Cell[] | undefined {
  const domains = undecided.flatMap(({ subject }) => subject.keys.get(key) ?? []);
  return cellsOf(pods.keys.get(key) ?? anything, domains, meter);
}

function decide<T>(node: Node<T>, key: string, { domain }: Cell): Node<T> {
  const keys = new Map(node.pods.keys).set(key, domain);
  return decideAll({ ...node, pods: { keys, possible: true } });
}

/** Moves the units of which it is certain now whether the pods satisfy them. */
function decideAll<T>(node: Node<T>): Node<T> {
  const included = [...node.included];
  const undecided: Unit<T>[] = [];
  for (const unit of node.undecided) {
    const relation = relate(node.pods, unit.subject);
    if (relation === "all") included.push(unit);
    if (relation === "some") undecided.push(unit);
  }
  return { ...node, included, undecided };
}

/** Which of the pods satisfy the subject. */
function relate(pods: Selector, subject: Selector): "all" | "some" | "none" {
  if (!subject.possible || !pods.possible) return "none";
  let isAll = true;
  for (const [key, domain] of subject.keys) {
    const may = pods.keys.get(key) ?? anything;
    if (!overlaps(may, domain)) return "none";
    isAll &&= allowsAll(domain, may);
  }
  return isAll ? "all" : "some";
}
