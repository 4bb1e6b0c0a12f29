import type { Parameters } from "../../src/rules/parameters.ts";
import { bitsOf, type Block, blockOfText, type Family, privateBlocks } from "./address.ts";
import { type Cell, countAddresses, covers, cutIntoCells, smallestList } from "./cells.ts";
import type { BlockPeer, Rule } from "./policy.ts";

/** A block, with the cells that its excepts leave of it. */
export type Contributor = {
  readonly peer: BlockPeer;
  readonly rule: Rule;
  readonly cells: ReadonlySet<Cell>;
};

/** One family at one level: all that decides whether a set of addresses is too wide. */
export type View = {
  readonly family: Family;
  readonly level: "baseline" | "restricted";
  readonly parameters: Parameters;
  readonly allowed: readonly Block[];
  readonly clusters: readonly Block[];
  readonly cells: readonly Cell[];
};

function inAny(blocks: readonly Block[], view: View, cell: Cell): boolean {
  return blocks.some((block) => covers(block, view.family, cell));
}

/** All cells of the blocks that count at this level. */
export function unionOf(contributors: readonly Contributor[], view: View): readonly Cell[] {
  return view.cells
    .filter((cell) => contributors.some(({ cells }) => cells.has(cell)))
    .filter((cell) => !inAny(view.allowed, view, cell))
    .filter((cell) => view.level === "restricted" || !inAny(privateBlocks, view, cell));
}

/** True for a set with a block too wide, or with too many addresses. */
export function isRefused(union: readonly Cell[], view: View): boolean {
  const { minPrefixV4, minPrefixV6, maxBlocks } = view.parameters;
  const minPrefix = view.family === 4 ? minPrefixV4 : minPrefixV6;
  if (smallestList(view.family, union).some((prefix) => prefix < minPrefix)) return true;
  const limit = BigInt(maxBlocks) << BigInt(bitsOf(view.family) - minPrefix);
  return countAddresses(union) > limit;
}

/** The cells of a cluster range that the block reaches, where it reaches too much of one. */
export function clusterCells({ cells }: Contributor, view: View): readonly Cell[] {
  const widest = view.family === 4 ? 24 : 64;
  return view.clusters.flatMap((range) => {
    const all = view.cells.filter((cell) => covers(range, view.family, cell));
    const reached = all.filter((cell) => cells.has(cell));
    if (all.length > 0 && reached.length === all.length) return reached;
    // Holes do not help: a /23 without one address is wider than a /24.
    return countAddresses(reached) > 1n << BigInt(bitsOf(view.family) - widest) ? reached : [];
  });
}

/** True for a block that carve-out 3 may leave out. */
export function isInternet({ rule, cells }: Contributor, view: View): boolean {
  return (
    rule.numbered &&
    ![...cells].some((c) => inAny(privateBlocks, view, c) || inAny(view.clusters, view, c))
  );
}

/** The blocks of the rules that have addresses of this family left. */
export function contributorsOf(rules: readonly Rule[], view: View): readonly Contributor[] {
  return rules
    .flatMap((rule) => rule.peers.map((peer) => ({ rule, peer })))
    .flatMap(({ rule, peer }) => {
      if (peer.kind !== "block" || peer.block.family !== view.family) return [];
      const cells = view.cells
        .filter((cell) => covers(peer.block, view.family, cell))
        .filter((cell) => !inAny(peer.excepts, view, cell));
      return cells.length > 0 ? [{ rule, peer, cells: new Set(cells) }] : [];
    });
}

/** Both families as a level sees them. */
export function viewsOf(
  rules: readonly Rule[],
  level: "baseline" | "restricted",
  parameters: Parameters,
): readonly View[] {
  const allowed = parameters.allowedCIDRs.map(blockOfText);
  const clusters =
    parameters.clusterCIDRs === "unknown" ? [] : parameters.clusterCIDRs.map(blockOfText);
  const peers = rules.flatMap((rule) => rule.peers).filter((peer) => peer.kind === "block");
  const blocks = peers.flatMap((peer) => [peer.block].concat(peer.excepts));
  return ([4, 6] as const).map((family) => ({
    family,
    level,
    parameters,
    allowed,
    clusters,
    cells: cutIntoCells(family, [...blocks, ...privateBlocks, ...allowed, ...clusters]),
  }));
}
