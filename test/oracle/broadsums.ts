import type { Expectation, Reach } from "./expectation.ts";
import { contributorsAt, tooWide, type Wide } from "./broad.ts";
import { type Direction, directions, type Rule } from "./policy.ts";
import { type Atom, opens } from "./port.ts";
import { type CellSet, rangesOf, unionOf, type View } from "./width.ts";

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
  // A name counts as any port against whoever uses it, and opens none for others: the stricter holds.
  const isOpen = (rule: Rule) => rule.entries.some((one) => opens(one, atom, false));
  const open = known.filter(isOpen);
  const before = view.contributors.filter(({ rule }) => open.includes(rule));
  const isOpenToAll = open.some(({ everyone }) => everyone);
  const added = isOpenToAll ? 0n : unionOf(mine, view) & ~unionOf(before, view);
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
