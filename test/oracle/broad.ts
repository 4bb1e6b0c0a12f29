import type { Parameters } from "../../src/rules/parameters.ts";
import type { Family } from "./address.ts";
import type { Cell } from "./cells.ts";
import type { Expectation, Reach } from "./expectation.ts";
import { type Direction, directions, type Rule } from "./policy.ts";
import { type Atom, cutIntoAtoms, type Entry, opens } from "./port.ts";
import {
  clusterCells,
  type Contributor,
  contributorsOf,
  isInternet,
  isRefused,
  unionOf,
  type View,
  viewsOf,
} from "./width.ts";

/** Addresses that are too many at one atom, or those of a cluster range that one block covers. */
type Found = {
  readonly family: Family;
  readonly ports: readonly Entry[];
  readonly keys: readonly string[];
  readonly cells: readonly Cell[];
  /** What is left of `cells` when internet blocks are left out; absent where that does not apply. */
  readonly rest?: readonly Cell[];
};

function contributorsAt(direction: Direction, atom: Atom, all: readonly Contributor[]) {
  // On egress the destination's owner chooses the number behind a name.
  return all.filter(({ rule }) =>
    rule.entries.some((entry) => opens(entry, atom, direction === "egress")),
  );
}

function measure(here: readonly Contributor[], view: View) {
  const cells = unionOf(here, view);
  return { cells, bad: isRefused(cells, view) };
}

function countPairs(found: readonly Found[]): number {
  const pairs = new Map(found.map(({ ports }) => [JSON.stringify(ports), ports]));
  // An atom is one entry; a name has no number to count.
  return [...pairs.values()].flat().reduce((sum, { lo, hi }) => sum + (hi ?? 0) - (lo ?? 1) + 1, 0);
}

function judgeDirection(
  direction: Direction,
  rules: readonly Rule[],
  views: readonly View[],
  maxInternetPorts: number,
) {
  const atoms = cutIntoAtoms(rules.flatMap((rule) => rule.entries));
  const refused: Found[] = [];
  const rescued: Found[] = [];
  const inVain: Found[] = [];
  const clusters: Found[] = [];
  for (const view of views) {
    const all = contributorsOf(rules, view);
    const { family, level } = view;
    for (const one of all) {
      const cells = clusterCells(one, view);
      const place = { keys: [one.peer.key], ports: one.rule.entries };
      if (cells.length > 0) clusters.push({ family, cells, ...place });
    }
    const judged = new Map<string, { cells: readonly Cell[]; bad: boolean }>();
    for (const atom of atoms) {
      const here = contributorsAt(direction, atom, all);
      const who = here.map(({ peer }) => peer.key).join(" ");
      const known = judged.get(who) ?? measure(here, view);
      judged.set(who, known);
      const { cells, bad } = known;
      if (!bad) continue;
      const found = { family, cells, ports: [atom], keys: here.map(({ peer }) => peer.key) };
      const others = here.filter((one) => !isInternet(one, view));
      if (direction === "egress" && level === "baseline" && others.length < here.length) {
        const rest = unionOf(others, view);
        (isRefused(rest, view) ? inVain : rescued).push({ ...found, rest });
      } else refused.push(found);
    }
  }
  // Whether an atom counts that stays refused without its internet blocks, or that has none, is not
  // said. The verdict is a refusal either way; only what else is named depends on it.
  const tooMany = countPairs(rescued) > maxInternetPorts;
  const maybe = countPairs([...rescued, ...inVain, ...refused]) > maxInternetPorts;
  if (tooMany) return { refused: [...refused, ...inVain, ...rescued], maybe: [], clusters };
  return { refused: [...refused, ...inVain], maybe: maybe ? rescued : [], clusters };
}

function reachesOf(direction: Direction, found: Found): readonly Reach[] {
  const { family, ports } = found;
  const at = (cells: readonly Cell[], sure: boolean) => {
    return { direction, ports, ranges: cells.map((cell) => ({ family, ...cell })), sure };
  };
  // Where a refusal stands although internet blocks were left out, it may speak of them or not.
  return found.rest ? [at(found.rest, true), at(found.cells, false)] : [at(found.cells, true)];
}

function expectationOf(
  direction: Direction,
  found: readonly Found[],
  optional = false,
): Expectation {
  return {
    rule: "no-broad-addresses",
    keys: [...new Set(found.flatMap(({ keys }) => keys))],
    optional,
    reaches: found.flatMap((one) => reachesOf(direction, one)),
  };
}

/** `no-broad-addresses` on effective rules that no carve-out exempts. */
export function judgeBroadAddresses(
  rules: readonly Rule[],
  level: "baseline" | "restricted",
  parameters: Parameters,
): readonly Expectation[] {
  const views = viewsOf(rules, level, parameters);
  return directions.flatMap((direction) => {
    const own = rules.filter((rule) => rule.direction === direction);
    const judged = judgeDirection(direction, own, views, parameters.maxInternetPorts);
    return ([4, 6] as const).flatMap((family) => {
      const sure = judged.refused.concat(judged.clusters).filter((one) => one.family === family);
      const maybe = judged.maybe.filter((one) => one.family === family);
      return [expectationOf(direction, sure), expectationOf(direction, maybe, true)].filter(
        ({ keys }) => keys.length > 0,
      );
    });
  });
}
