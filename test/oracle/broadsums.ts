import type { Expectation, Reach } from "./expectation.ts";
import { contributorsAt, tooWide, type Wide } from "./broad.ts";
import { type Direction, directions, type Rule } from "./policy.ts";
import { numbersBehind } from "./growth.ts";
import { type Atom, type Entry, opens } from "./port.ts";
import { type CellSet, type Contributor, rangesOf, unionOf, type View } from "./width.ts";

/** A finding that a networkPolicy has with its neighbours, and they have not without it. */
export type Sum = Expectation & {
  /** What the networkPolicy opens here, whether a neighbour opens it as well or not. */
  readonly touches: readonly Reach[];
};

/** The rules of a networkPolicy, and those that its neighbours have on some pod. */
export type Sides = {
  readonly own: readonly Rule[];
  /** Rules of neighbours that count in sums. */
  readonly others: readonly Rule[];
  /** These and the exempt ones: what is open without the networkPolicy. */
  readonly known: readonly Rule[];
};

/** The atoms of each direction, cut at every limit of everybody's rules. */
export type Atoms = { readonly [direction in Direction]: readonly Atom[] };

function has(all: readonly Wide[], { view, atom }: Wide): boolean {
  return all.some((one) => one.view === view && one.atom === atom);
}

/**
 * The cells that a block opens at an atom and that nobody else opens. A name counts as any port
 * against whoever uses it, and opens none for others: it is open where the same name is, or the
 * number that it stands for, whichever that is.
 */
function addedBy(one: Contributor, { view, atom }: Wide, known: readonly Rule[]): CellSet {
  const own = unionOf([one], view);
  const openTo = (at: readonly Atom[]): CellSet => {
    const open = known.filter((rule) =>
      rule.entries.some((entry) => at.some((other) => opens(entry, other, false))),
    );
    if (open.some(({ everyone }) => everyone)) return own;
    return unionOf(
      view.contributors.filter(({ rule }) => open.includes(rule)),
      view,
    );
  };
  const numbers = numbersBehind(atom, known);
  const added = ({ protocol, name }: Entry): CellSet => {
    const named = name === undefined ? [] : [{ protocol, name }];
    return numbers.reduce((set, number) => set | (own & ~openTo([atom, number, ...named])), 0n);
  };
  return one.rule.entries
    .filter((entry) => opens(entry, atom, true))
    .reduce((set, entry) => set | added(entry), 0n);
}

function sumOf(
  direction: Direction,
  wide: Wide,
  { own, known }: Sides,
  optional: boolean,
): readonly Sum[] {
  const { view, atom, cells, rest } = wide;
  const mine = contributorsAt(
    direction,
    atom,
    view.contributors.filter(({ rule }) => own.includes(rule)),
  );
  // What it opens by a number, or by a name, that is not open without it.
  const added = mine.reduce((set, one) => set | addedBy(one, wide, known), 0n);
  // The policy only used up ports to the internet, which is told where it did so, or it opens
  // nothing that is not open without it.
  if (added === 0n) return [];
  const reach = (set: CellSet, sure: boolean): Reach => {
    return { direction, ports: [atom], ranges: rangesOf(set, view), sure };
  };
  // A block of the internet that is left out in vain is not what there is too much of.
  const held = unionOf(
    mine.filter(({ isInternet }) => !isInternet),
    view,
  );
  const reaches =
    rest === undefined
      ? [reach(added, true)]
      : [reach(added & held & rest, true), reach(added, false)];
  const keys = mine.map(({ peer }) => peer.key);
  const touches = [reach(unionOf(mine, view) & cells, true)];
  return [{ rule: "no-broad-addresses", keys, optional, reaches, touches }];
}

/** Widths that are too wide with the neighbours, and are not without the networkPolicy. */
export function broadSums(
  sides: Sides,
  views: readonly View[],
  atoms: Atoms,
  level: "baseline" | "restricted",
): readonly Sum[] {
  return directions.flatMap((direction) => {
    const here = ({ direction: its }: Rule) => its === direction;
    const others = sides.others.filter(here);
    const own = sides.own.filter(here);
    const known = sides.known.filter(here);
    if (own.length === 0 || others.length === 0) return [];
    const all = tooWide(direction, own.concat(others), views, atoms[direction], level);
    const before = tooWide(direction, others, views, atoms[direction], level);
    const fresh = (found: readonly Wide[], optional: boolean) =>
      found
        .filter((wide) => !has(before.sure, wide))
        .flatMap((wide) =>
          sumOf(direction, wide, { own, others, known }, optional || has(before.maybe, wide)),
        );
    return fresh(all.sure, false).concat(fresh(all.maybe, true));
  });
}
