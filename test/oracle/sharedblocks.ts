import { tooWide, type Wide } from "./broad.ts";
import type { Atoms } from "./broadsums.ts";
import { countAddresses } from "./cells.ts";
import { type Direction, directions } from "./policy.ts";
import type { Partner, Share, SharedSum } from "./shared.ts";
import { cellsOf, isRefused, rangesOf, unionOf, type View } from "./width.ts";

function has(all: readonly Wide[], { view, atom }: Wide): boolean {
  return all.some((one) => one.view === view && one.atom === atom);
}

/** What is too wide without its internet blocks: these are left out in vain and have no share in it. */
function withoutInternet(wide: Wide): readonly Wide[] {
  const { view, rest } = wide;
  if (rest === undefined || !isRefused(rest, view)) return [];
  const contributors = wide.contributors.filter(({ isInternet }) => !isInternet);
  return [{ ...wide, contributors, cells: rest }];
}

function shareOf(
  { of, rules }: Partner,
  { view, atom, contributors }: Wide,
  direction: Direction,
): readonly Share[] {
  const own = contributors.filter(({ rule }) => rules.includes(rule));
  const cells = unionOf(own, view);
  if (cells === 0n) return [];
  const reach = { direction, ports: [atom], ranges: rangesOf(cells, view), sure: true };
  const keys = own.map(({ peer }) => peer.key);
  const widths = own.map((one) => countAddresses(cellsOf(unionOf([one], view), view)));
  const width = widths.reduce((most, one) => (one > most ? one : most), 0n);
  return [{ rule: "no-broad-addresses", keys, optional: false, reaches: [reach], of, width }];
}

/** Addresses that are too many with several networkPolicies of one pod, and with none alone. */
export function sharedBlocks(
  partners: readonly Partner[],
  views: readonly View[],
  atoms: Atoms,
  level: "baseline" | "restricted",
): readonly SharedSum[] {
  return directions.flatMap((direction) => {
    const here = partners.map(({ of, rules }) => {
      return { of, rules: rules.filter((rule) => rule.direction === direction) };
    });
    const judge = (some: readonly Partner[]) => {
      const rules = some.flatMap((one) => one.rules);
      return tooWide(direction, rules, views, atoms[direction], level);
    };
    const all = judge(here);
    const alone = here.map((one) => judge([one]));
    const sums = (found: readonly Wide[], optional: boolean) =>
      found
        .filter((wide) => !alone.some(({ sure }) => has(sure, wide)))
        .map((wide) => ({
          rule: "no-broad-addresses",
          direction,
          what: JSON.stringify([level, direction, wide.view.family, wide.atom]),
          optional: optional || alone.some(({ maybe }) => has(maybe, wide)),
          shares: here.flatMap((one) => shareOf(one, wide, direction)),
        }));
    const inVain = all.sure.flatMap(withoutInternet);
    const others = all.sure.filter((wide) => !inVain.some((one) => has([one], wide)));
    return sums(inVain.concat(others), false).concat(sums(all.maybe.concat(all.sure), true));
  });
}
