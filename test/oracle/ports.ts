import type { LabelSelector } from "../../src/api/networkpolicy.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import type { Block, Family } from "./address.ts";
import { type Cell, covers, cutIntoCells } from "./cells.ts";
import type { Expectation, Reach } from "./expectation.ts";
import { type BlockPeer, type Direction, directions, type PodPeer, type Rule } from "./policy.ts";
import { countPorts, type Entry, protocols } from "./port.ts";
import { enumerate, everyChoice, matches, partsOf } from "./selector.ts";
import { reachesOutside } from "./stranger.ts";

/** A peer and the ports that one rule opens to it. */
export type Placed<P> = { readonly peer: P; readonly entries: readonly Entry[] };

/** The entries of those protocols that have more ports than allowed. */
function tooMany(entries: readonly Entry[], parameters: Parameters): readonly Entry[] {
  const beyond = protocols.filter((one) => countPorts(entries, one) > parameters.maxPorts);
  return entries.filter(({ protocol }) => beyond.some((one) => one === protocol));
}

/** One text for one selector, whatever the order and spelling of its requirements. */
function normalText(selector: LabelSelector | null | undefined): string {
  const parts = partsOf(selector).map(({ key, operator, values }) =>
    JSON.stringify([key, operator, [...new Set(values)].toSorted()]),
  );
  return [...new Set(parts)].toSorted().join(" ");
}

function sameMeaning(
  a: LabelSelector | null | undefined,
  b: LabelSelector | null | undefined,
): boolean {
  if (normalText(a) === normalText(b)) return true;
  for (const labels of enumerate(everyChoice([a, b]))) {
    if (matches(a, labels) !== matches(b, labels)) return false;
  }
  return true;
}

/** Groups equal things; the first of each group stands for it. */
export function group<T>(
  all: readonly T[],
  same: (a: T, b: T) => boolean,
): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (const one of all) {
    const home = groups.find(([first]) => first !== undefined && same(first, one));
    if (home) home.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** One text for the same requirements of a peer. */
export function textOf({ namespaceSelector, podSelector }: PodPeer): string {
  return JSON.stringify([normalText(namespaceSelector), normalText(podSelector)]);
}

/** True for peers whose selectors have the same requirements. */
export function sameText(a: Placed<PodPeer>, b: Placed<PodPeer>): boolean {
  return textOf(a.peer) === textOf(b.peer);
}

/** True for peers that select the same pods. */
export function samePods(a: Placed<PodPeer>, b: Placed<PodPeer>): boolean {
  return (
    sameMeaning(a.peer.namespaceSelector, b.peer.namespaceSelector) &&
    sameMeaning(a.peer.podSelector, b.peer.podSelector)
  );
}

/** The ports of the protocol that has too many, and, possibly meant as well, all others. */
function bothReaches(reach: Reach, all: readonly Entry[]): readonly Reach[] {
  return [reach, { ...reach, ports: all, sure: false }];
}

function judgePods(
  direction: Direction,
  pods: readonly Placed<PodPeer>[],
  parameters: Parameters,
): readonly Expectation[] {
  const meanings = group(pods, samePods);
  const found = (
    groups: readonly (readonly Placed<PodPeer>[])[],
    optional: boolean,
  ): readonly Expectation[] =>
    groups.flatMap((members) => {
      const all = members.flatMap(({ entries }) => entries);
      const ports = tooMany(all, parameters);
      if (ports.length === 0) return [];
      const reaches = members.flatMap(({ peer }) => {
        const who = "outside" as const;
        return bothReaches({ direction, ports, pods: { peer, who }, sure: !optional }, all);
      });
      // Peers of equal meaning may be one peer, with one finding at one of them.
      const equal = meanings.filter((one) => one.some((placed) => members.includes(placed)));
      const keys = equal.flat().map(({ peer }) => peer.key);
      return [{ rule: "require-ports", keys, optional, reaches }];
    });
  // How far "normalised" goes is not said: from spelling alone to equal meaning.
  return [...found(group(pods, sameText), false), ...found(meanings, true)];
}

function has(all: readonly Block[], family: Family, cell: Cell): boolean {
  return all.some((block) => covers(block, family, cell));
}

function judgeBlocks(
  direction: Direction,
  blocks: readonly Placed<BlockPeer>[],
  parameters: Parameters,
): readonly Expectation[] {
  return ([4, 6] as const).flatMap((family) => {
    const limits = blocks.flatMap(({ peer }) => [peer.block].concat(peer.excepts));
    return cutIntoCells(family, limits).flatMap((cell) => {
      const here = blocks.filter(
        ({ peer }) => has([peer.block], family, cell) && !has(peer.excepts, family, cell),
      );
      const all = here.flatMap(({ entries }) => entries);
      const ports = tooMany(all, parameters);
      if (ports.length === 0) return [];
      const ranges = [{ family, lo: cell.lo, hi: cell.hi }];
      const keys = here.map(({ peer }) => peer.key);
      const reaches = bothReaches({ direction, ports, ranges, sure: true }, all);
      return [{ rule: "require-ports", keys, optional: false, reaches }];
    });
  });
}

/** `require-ports` on effective rules that no public listener exempts. */
export function judgePorts(
  rules: readonly Rule[],
  namespace: string,
  parameters: Parameters,
): readonly Expectation[] {
  return directions.flatMap((direction) => {
    const pods: Placed<PodPeer>[] = [];
    const blocks: Placed<BlockPeer>[] = [];
    for (const rule of rules.filter((one) => one.direction === direction)) {
      for (const peer of rule.peers) {
        if (peer.kind === "block") blocks.push({ peer, entries: rule.entries });
        else if (reachesOutside(peer, namespace)) pods.push({ peer, entries: rule.entries });
      }
    }
    return judgePods(direction, pods, parameters).concat(
      judgeBlocks(direction, blocks, parameters),
    );
  });
}
