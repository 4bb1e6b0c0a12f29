import type { Parameters } from "../../src/rules/parameters.ts";
import { type Block, blockOfText, bitsOf, type Family, privateBlocks } from "./address.ts";
import { type Cell, countAddresses, covers, cutIntoCells, smallestList } from "./cells.ts";
import type { Expectation } from "./expectation.ts";
import { type BlockPeer, type Direction, directions, type Rule } from "./policy.ts";
import { type Atom, cutIntoAtoms, opens, sizeOf } from "./port.ts";

type Contributor = {
  readonly peer: BlockPeer;
  readonly rule: Rule;
  readonly cells: ReadonlySet<Cell>;
};

type View = {
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

function isRefused(contributors: readonly Contributor[], view: View): boolean {
  const union = view.cells
    .filter((cell) => contributors.some(({ cells }) => cells.has(cell)))
    .filter((cell) => !inAny(view.allowed, view, cell))
    .filter((cell) => view.level === "restricted" || !inAny(privateBlocks, view, cell));
  const { minPrefixV4, minPrefixV6, maxBlocks } = view.parameters;
  const minPrefix = view.family === 4 ? minPrefixV4 : minPrefixV6;
  if (smallestList(view.family, union).some((prefix) => prefix < minPrefix)) return true;
  const limit = BigInt(maxBlocks) << BigInt(bitsOf(view.family) - minPrefix);
  return countAddresses(union) > limit;
}

function coversCluster({ cells }: Contributor, view: View): boolean {
  const widest = view.family === 4 ? 24 : 64;
  return view.clusters.some((range) => {
    const all = view.cells.filter((cell) => covers(range, view.family, cell));
    const reached = all.filter((cell) => cells.has(cell));
    if (all.length > 0 && reached.length === all.length) return true;
    return smallestList(view.family, reached).some((prefix) => prefix < widest);
  });
}

function isInternet({ rule, cells }: Contributor, view: View): boolean {
  return (
    rule.numbered &&
    ![...cells].some((c) => inAny(privateBlocks, view, c) || inAny(view.clusters, view, c))
  );
}

type Found = {
  readonly family: Family;
  readonly atom: Atom | undefined;
  readonly keys: readonly string[];
};

function contributorsAt(direction: Direction, atom: Atom, all: readonly Contributor[]) {
  // On egress the destination's owner chooses the number behind a name.
  return all.filter(({ rule }) =>
    rule.entries.some((entry) => opens(entry, atom, direction === "egress")),
  );
}

function countPairs(found: readonly Found[]): number {
  const pairs = new Map(found.map(({ atom }) => [JSON.stringify(atom), atom]));
  return [...pairs.values()].reduce(
    (sum, atom) => sum + (atom && !("name" in atom) ? sizeOf(atom) : 0),
    0,
  );
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
    const all = rules
      .flatMap((rule) => rule.peers.map((peer) => ({ rule, peer })))
      .flatMap(({ rule, peer }) => {
        if (peer.kind !== "block" || peer.block.family !== view.family) return [];
        const cells = view.cells
          .filter((cell) => covers(peer.block, view.family, cell))
          .filter((cell) => !inAny(peer.excepts, view, cell));
        return cells.length > 0 ? [{ rule, peer, cells: new Set(cells) }] : [];
      });
    for (const one of all.filter((contributor) => coversCluster(contributor, view))) {
      clusters.push({ family: view.family, atom: undefined, keys: [one.peer.key] });
    }
    for (const atom of atoms) {
      const here = contributorsAt(direction, atom, all);
      if (!isRefused(here, view)) continue;
      const found = { family: view.family, atom, keys: here.map(({ peer }) => peer.key) };
      const rest = here.filter((one) => !isInternet(one, view));
      const mayLeaveOut = direction === "egress" && view.level === "baseline";
      if (mayLeaveOut && rest.length < here.length) {
        (isRefused(rest, view) ? inVain : rescued).push(found);
      } else refused.push(found);
    }
  }
  // Whether an atom counts that stays refused without its internet blocks is not said. The verdict
  // is a refusal either way; only whether the other family is named as well depends on it.
  const tooMany = countPairs(rescued) > maxInternetPorts;
  const maybe = countPairs([...rescued, ...inVain]) > maxInternetPorts;
  if (tooMany) return { refused: [...refused, ...inVain, ...rescued], maybe: [], clusters };
  return { refused: [...refused, ...inVain], maybe: maybe ? rescued : [], clusters };
}

/** `no-broad-addresses` on effective rules that no carve-out exempts. */
export function judgeBroadAddresses(
  rules: readonly Rule[],
  level: "baseline" | "restricted",
  parameters: Parameters,
): readonly Expectation[] {
  const allowed = parameters.allowedCIDRs.map(blockOfText);
  const clusters =
    parameters.clusterCIDRs === "unknown" ? [] : parameters.clusterCIDRs.map(blockOfText);
  const peers = rules.flatMap((rule) => rule.peers).filter((peer) => peer.kind === "block");
  const blocks = peers.flatMap((peer) => [peer.block].concat(peer.excepts));
  const views = ([4, 6] as const).map((family) => ({
    family,
    level,
    parameters,
    allowed,
    clusters,
    cells: cutIntoCells(family, [...blocks, ...privateBlocks, ...allowed, ...clusters]),
  }));
  return directions.flatMap((direction) => {
    const own = rules.filter((rule) => rule.direction === direction);
    const judged = judgeDirection(direction, own, views, parameters.maxInternetPorts);
    return ([4, 6] as const).flatMap((family) => {
      const keysOf = (found: readonly Found[]) => [
        ...new Set(found.filter((one) => one.family === family).flatMap(({ keys }) => keys)),
      ];
      const rule = "no-broad-addresses";
      const sure = { rule, keys: keysOf(judged.refused.concat(judged.clusters)) };
      const maybe = { rule, keys: keysOf(judged.maybe), optional: true };
      return [sure, maybe].filter(({ keys }) => keys.length > 0);
    });
  });
}
