import type { Parameters } from "../../src/rules/parameters.ts";
import type { Family } from "./address.ts";
import type { Cell } from "./cells.ts";
import type { Expectation, Reach } from "./expectation.ts";
import { type Direction, directions, type Rule } from "./policy.ts";
import { type Atom, cutIntoAtoms, type Entry, opens } from "./port.ts";
import {
  type CellSet,
  clusterCells,
  type Contributor,
  isRefused,
  placeCells,
  rangesOf,
  unionOf,
  type View,
  viewsOf,
} from "./width.ts";

/** Addresses that are too many at one atom. */
export type Wide = {
  readonly view: View;
  readonly atom: Atom;
  readonly contributors: readonly Contributor[];
  readonly cells: CellSet;
  /** What is left of `cells` when internet blocks are left out; absent where that does not apply. */
  readonly rest?: CellSet;
};

/** The blocks that the atom is open to. */
export function contributorsAt(
  direction: Direction,
  atom: Atom,
  all: readonly Contributor[],
): readonly Contributor[] {
  // On egress the destination's owner chooses the number behind a name.
  return all.filter(({ rule }) =>
    rule.entries.some((entry) => opens(entry, atom, direction === "egress")),
  );
}

function countPairs(found: readonly Wide[]): number {
  // An atom is found once for each family; a name has no number to count.
  const atoms = new Set(found.map(({ atom }) => atom));
  return [...atoms].reduce((sum, one) => ("name" in one ? sum : sum + one.hi - one.lo + 1), 0);
}

/**
 * The atoms at which the rules together reach too many addresses, over views and atoms that were
 * cut at the limits of these rules at least. `maybe` are those that one can read either way.
 */
export function tooWide(
  direction: Direction,
  rules: readonly Rule[],
  views: readonly View[],
  atoms: readonly Atom[],
  level: "baseline" | "restricted",
): { readonly sure: readonly Wide[]; readonly maybe: readonly Wide[] } {
  const refused: Wide[] = [];
  const rescued: Wide[] = [];
  const inVain: Wide[] = [];
  for (const view of views) {
    const all = view.contributors.filter(({ rule }) => rules.includes(rule));
    for (const atom of all.length === 0 ? [] : atoms) {
      const contributors = contributorsAt(direction, atom, all);
      const cells = unionOf(contributors, view);
      if (!isRefused(cells, view)) continue;
      const found = { view, atom, contributors, cells };
      const others = contributors.filter(({ isInternet }) => !isInternet);
      if (direction === "egress" && level === "baseline" && others.length < contributors.length) {
        const rest = unionOf(others, view);
        (isRefused(rest, view) ? inVain : rescued).push({ ...found, rest });
      } else refused.push(found);
    }
  }
  // Whether an atom counts that stays refused without its internet blocks, or that has none, is not
  // said. The verdict is a refusal either way; only what else is named depends on it.
  const most = views[0]?.parameters.maxInternetPorts ?? 0;
  if (countPairs(rescued) > most) return { sure: [...refused, ...inVain, ...rescued], maybe: [] };
  const maybe = countPairs([...rescued, ...inVain, ...refused]) > most ? rescued : [];
  return { sure: [...refused, ...inVain], maybe };
}

type Found = {
  readonly family: Family;
  readonly keys: readonly string[];
  readonly reaches: readonly Reach[];
};

function foundOf(direction: Direction, { view, atom, contributors, cells, rest }: Wide): Found {
  const { family } = view;
  const at = (set: CellSet, sure: boolean) => {
    return { direction, ports: [atom], ranges: rangesOf(set, view), sure };
  };
  const keys = contributors.map(({ peer }) => peer.key);
  // Where a refusal stands although internet blocks were left out, it may speak of them or not.
  const reaches = rest === undefined ? [at(cells, true)] : [at(rest, true), at(cells, false)];
  return { family, keys, reaches };
}

function clustersOf(direction: Direction, rules: readonly Rule[], view: View): readonly Found[] {
  const found = (ports: readonly Entry[], key: string, cells: readonly Cell[]) => {
    const { family } = view;
    const ranges = placeCells(family, cells);
    return { family, keys: [key], reaches: [{ direction, ports, ranges, sure: true }] };
  };
  return view.contributors
    .filter(({ rule }) => rules.includes(rule))
    .map((one) => found(one.rule.entries, one.peer.key, clusterCells(one, view)))
    .filter(({ reaches }) => reaches.some(({ ranges }) => ranges.length > 0));
}

function expectationsOf(found: readonly Found[], optional: boolean): readonly Expectation[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = found.filter((one) => one.family === family);
    if (own.length === 0) return [];
    const keys = [...new Set(own.flatMap((one) => one.keys))];
    const reaches = own.flatMap((one) => one.reaches);
    return [{ rule: "no-broad-addresses", keys, optional, reaches }];
  });
}

/** `no-broad-addresses` on effective rules that no carve-out exempts. */
export function judgeBroadAddresses(
  rules: readonly Rule[],
  level: "baseline" | "restricted",
  parameters: Parameters,
): readonly Expectation[] {
  const views = viewsOf(rules, level, parameters);
  if (views.length === 0) return [];
  return directions.flatMap((direction) => {
    const own = rules.filter((rule) => rule.direction === direction);
    const atoms = cutIntoAtoms(own.flatMap((rule) => rule.entries));
    const { sure, maybe } = tooWide(direction, own, views, atoms, level);
    const clusters = views.flatMap((view) => clustersOf(direction, own, view));
    const wide = sure.map((one) => foundOf(direction, one));
    return expectationsOf(wide.concat(clusters), false).concat(
      expectationsOf(
        maybe.map((one) => foundOf(direction, one)),
        true,
      ),
    );
  });
}
