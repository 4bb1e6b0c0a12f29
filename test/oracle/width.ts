import type { Parameters } from "../../src/rules/parameters.ts";
import { bitsOf, type Block, blockOfText, type Family, privateBlocks } from "./address.ts";
import { type Cell, countAddresses, covers, cutIntoCells, smallestList } from "./cells.ts";
import type { Reach } from "./expectation.ts";
import type { BlockPeer, Rule } from "./policy.ts";

/** A set of cells: bit n stands for the view's cell n. */
export type CellSet = bigint;

/** A block, with the cells that its excepts leave of it. */
export type Contributor = {
  readonly peer: BlockPeer;
  readonly rule: Rule;
  readonly cells: CellSet;
  /** True for a block that carve-out 3 may leave out. */
  readonly isInternet: boolean;
};

/** One family at one level: all that decides whether a set of addresses is too wide. */
export type View = {
  readonly family: Family;
  readonly parameters: Parameters;
  readonly cells: readonly Cell[];
  /** Cells that count for width at this level. */
  readonly counted: CellSet;
  readonly clusters: readonly CellSet[];
  readonly contributors: readonly Contributor[];
  /** Sets that were judged before: the same ones come again at each port. */
  readonly known: Map<CellSet, boolean>;
};

const bit = Array.from({ length: 4096 }, (_, n) => 1n << BigInt(n));

function setOf(cells: readonly Cell[], has: (cell: Cell) => boolean): CellSet {
  let set = 0n;
  for (const [index, cell] of cells.entries()) if (has(cell)) set |= bit[index] ?? tooMany();
  return set;
}

function tooMany(): never {
  throw new Error("more cells than the oracle was made for");
}

/** The cells of a set, in order. */
export function cellsOf(set: CellSet, view: View): readonly Cell[] {
  return view.cells.filter((_, index) => (set & (bit[index] ?? 0n)) !== 0n);
}

/** The cells of a set as ranges of addresses. */
export function rangesOf(set: CellSet, view: View): NonNullable<Reach["ranges"]> {
  return placeCells(view.family, cellsOf(set, view));
}

/** Cells as ranges of addresses. */
export function placeCells(family: Family, cells: readonly Cell[]): NonNullable<Reach["ranges"]> {
  return cells.map(({ lo, hi }) => ({ family, lo, hi }));
}

/** All cells of the blocks that count at this level. */
export function unionOf(contributors: readonly Contributor[], view: View): CellSet {
  return contributors.reduce((union, { cells }) => union | cells, 0n) & view.counted;
}

function isTooWide(set: CellSet, view: View): boolean {
  const { minPrefixV4, minPrefixV6, maxBlocks } = view.parameters;
  const minPrefix = view.family === 4 ? minPrefixV4 : minPrefixV6;
  const cells = cellsOf(set, view);
  if (smallestList(view.family, cells).some((prefix) => prefix < minPrefix)) return true;
  return countAddresses(cells) > BigInt(maxBlocks) << BigInt(bitsOf(view.family) - minPrefix);
}

/** True for a set with a block too wide, or with too many addresses. */
export function isRefused(union: CellSet, view: View): boolean {
  const known = view.known.get(union) ?? isTooWide(union, view);
  view.known.set(union, known);
  return known;
}

/** The cells of a cluster range that the block reaches, where it reaches too much of one. */
export function clusterCells({ cells }: Contributor, view: View): readonly Cell[] {
  const widest = view.family === 4 ? 24 : 64;
  return view.clusters.flatMap((range) => {
    const reached = cellsOf(range & cells, view);
    if (range !== 0n && (range & cells) === range) return reached;
    // Holes do not help: a /23 without one address is wider than a /24.
    return countAddresses(reached) > 1n << BigInt(bitsOf(view.family) - widest) ? reached : [];
  });
}

function viewOf(
  family: Family,
  rules: readonly Rule[],
  level: "baseline" | "restricted",
  parameters: Parameters,
): View {
  const allowed = parameters.allowedCIDRs.map(blockOfText);
  const ranges =
    parameters.clusterCIDRs === "unknown" ? [] : parameters.clusterCIDRs.map(blockOfText);
  const placed = rules.flatMap((rule) =>
    rule.peers.flatMap((peer) =>
      peer.kind === "block" && peer.block.family === family ? [{ rule, peer }] : [],
    ),
  );
  const blocks = placed.flatMap(({ peer }) => [peer.block].concat(peer.excepts));
  const cells = cutIntoCells(family, [...blocks, ...privateBlocks, ...allowed, ...ranges]);
  const inAny = (all: readonly Block[]) =>
    setOf(cells, (cell) => all.some((block) => covers(block, family, cell)));
  const own = inAny(privateBlocks);
  const clusters = ranges.map((range) => inAny([range]));
  const guarded = clusters.reduce((union, range) => union | range, own);
  const contributors = placed.flatMap(({ rule, peer }) => {
    const left = inAny([peer.block]) & ~inAny(peer.excepts);
    const isInternet = rule.numbered && (left & guarded) === 0n;
    return left === 0n ? [] : [{ rule, peer, cells: left, isInternet }];
  });
  const everything = setOf(cells, () => true);
  const counted = everything & ~inAny(allowed) & ~(level === "restricted" ? 0n : own);
  return { family, parameters, cells, counted, clusters, contributors, known: new Map() };
}

/** Both families as a level sees them, cut at every limit of the rules; some have no block. */
export function viewsOf(
  rules: readonly Rule[],
  level: "baseline" | "restricted",
  parameters: Parameters,
): readonly View[] {
  return ([4, 6] as const)
    .map((family) => viewOf(family, rules, level, parameters))
    .filter(({ contributors }) => contributors.length > 0);
}
