import type { Parameters } from "../../src/rules/parameters.ts";
import type { Sides, Sum } from "./broadsums.ts";
import { covers, cutIntoCells } from "./cells.ts";
import type { Reach } from "./expectation.ts";
import { type Growth, numbersBehind, openIn, podsGrew, worst } from "./growth.ts";
import { type BlockPeer, type Direction, directions, type PodPeer, type Rule } from "./policy.ts";
import {
  type Atom,
  countPorts,
  cutIntoAtoms,
  type Entry,
  opens,
  protocols,
  withWholes,
} from "./port.ts";
import { group, type Placed, samePods, sameText } from "./ports.ts";
import { reachesOutside } from "./stranger.ts";

type Shared<P> = Placed<P> & { readonly isOwn: boolean };

function entriesOf(all: readonly Shared<unknown>[]): readonly Entry[] {
  return all.flatMap(({ entries }) => entries);
}

function ownOf<P>(all: readonly Shared<P>[]): readonly Shared<P>[] {
  return all.filter(({ isOwn }) => isOwn);
}

function othersOf<P>(all: readonly Shared<P>[]): readonly Shared<P>[] {
  return all.filter(({ isOwn }) => !isOwn);
}

/** The ports that are open in `entries` and not in `less`, cut at the limits of `all` as well. */
function difference(
  entries: readonly Entry[],
  less: readonly Entry[],
  all: readonly Entry[],
): readonly Atom[] {
  return cutIntoAtoms([...entries, ...less, ...all]).filter(
    (atom) =>
      entries.some((one) => opens(one, atom, false)) &&
      !less.some((one) => opens(one, atom, false)),
  );
}

/** The protocols of which all together have too many ports, and those without the own do not. */
function newlyTooMany(
  all: readonly Shared<unknown>[],
  { maxPorts }: Parameters,
): readonly string[] {
  // One finding speaks of one protocol of one peer: what neighbours open of another is no excuse.
  return protocols.filter(
    (one) =>
      countPorts(entriesOf(all), one) > maxPorts &&
      countPorts(entriesOf(othersOf(all)), one) <= maxPorts,
  );
}

/** What is open without the networkPolicy, but for the peers that are added up. */
type Known = {
  readonly entries: readonly Entry[];
  readonly rules: readonly Rule[];
  /** How sure it is that the networkPolicy reaches somebody new at a port. */
  readonly grew: (atom: Atom) => Growth;
};

function sumOf(
  who: Pick<Reach, "direction" | "pods" | "ranges">,
  peers: readonly Shared<BlockPeer | PodPeer>[],
  beyond: readonly string[],
  optional: boolean,
  known: Known,
): readonly Sum[] {
  const mine = entriesOf(ownOf(peers));
  const { entries, rules, grew } = known;
  const less = withWholes(entriesOf(othersOf(peers)).concat(entries));
  const limits = rules.flatMap((rule) => rule.entries);
  const isCounted = ({ protocol }: Entry) => beyond.includes(protocol);
  const added = difference(mine, less, limits).filter((atom) => grew(atom) !== "none");
  const ports = added.filter(isCounted);
  if (ports.length === 0) return [];
  const isUnsure = optional || ports.every((atom) => grew(atom) === "unclear");
  return [
    {
      rule: "require-ports",
      keys: ownOf(peers).map(({ peer }) => peer.key),
      optional: isUnsure,
      // The ports of the protocol that has too many, and, possibly meant as well, all others.
      reaches: [
        { ...who, ports, sure: !optional },
        { ...who, ports: added, sure: false },
      ],
      touches: [{ ...who, ports: mine.filter(isCounted), sure: true }],
    },
  ];
}

function podSums(
  direction: Direction,
  peers: readonly Shared<PodPeer>[],
  known: readonly Rule[],
  namespace: string,
  parameters: Parameters,
): readonly Sum[] {
  const entries = known.filter(({ everyone }) => everyone).flatMap((rule) => rule.entries);
  // How far "normalised" goes is not said: from spelling alone to equal meaning.
  return group(peers, samePods).flatMap((meaning) => {
    const atMost = newlyTooMany(meaning, parameters);
    return group(meaning, sameText).flatMap((text) => {
      const [own] = ownOf(text);
      if (!own) return [];
      const atLeast = newlyTooMany(text, parameters);
      const sure = atLeast.filter((one) => atMost.includes(one));
      const pods = { peer: own.peer, who: "outside" as const };
      const who = { direction, pods };
      // A neighbour with a wider selector may have opened the same pods already.
      const grew = (atom: Atom) => {
        const grown = numbersBehind(atom, known).map((number) => {
          const open = openIn(known, atom, false).concat(openIn(known, number, false));
          return podsGrew(pods, open, namespace, parameters);
        });
        return worst(grown);
      };
      const open = { entries, rules: known, grew };
      return [
        sumOf(who, text, sure, false, open),
        sumOf(who, meaning, atMost, true, open),
        sumOf(who, text, atLeast, true, open),
      ].flat();
    });
  });
}

function blockSums(
  direction: Direction,
  blocks: readonly Shared<BlockPeer>[],
  known: readonly Rule[],
  parameters: Parameters,
): readonly Sum[] {
  return ([4, 6] as const).flatMap((family) => {
    const placed = blocks.filter(({ peer }) => peer.block.family === family);
    if (placed.length === 0) return [];
    const peers = known.flatMap((rule) => rule.peers).filter((peer) => peer.kind === "block");
    const limits = placed
      .map(({ peer }) => peer)
      .concat(peers)
      .flatMap(({ block, excepts }) => [block].concat(excepts));
    return cutIntoCells(family, limits).flatMap((cell) => {
      const isIn = ({ block, excepts }: BlockPeer) =>
        covers(block, family, cell) && !excepts.some((except) => covers(except, family, cell));
      const here = placed.filter(({ peer }) => isIn(peer));
      if (ownOf(here).length === 0 || othersOf(here).length === 0) return [];
      const beyond = newlyTooMany(here, parameters);
      if (beyond.length === 0) return [];
      const open = known
        .filter(
          ({ everyone, peers: all }) =>
            everyone || all.some((one) => one.kind === "block" && isIn(one)),
        )
        .flatMap(({ entries }) => entries);
      return sumOf({ direction, ranges: [{ family, ...cell }] }, here, beyond, false, {
        entries: open,
        rules: [],
        grew: () => "sure",
      });
    });
  });
}

/** Peers with too many ports with the neighbours, and not without the networkPolicy. */
export function portSums(sides: Sides, namespace: string, parameters: Parameters): readonly Sum[] {
  return directions.flatMap((direction) => {
    const pods: Shared<PodPeer>[] = [];
    const blocks: Shared<BlockPeer>[] = [];
    const place = (isOwn: boolean) => (rule: Rule) => {
      if (rule.direction !== direction) return;
      for (const peer of rule.peers) {
        const { entries } = rule;
        if (peer.kind === "block") blocks.push({ peer, entries, isOwn });
        else if (reachesOutside(peer, namespace)) pods.push({ peer, entries, isOwn });
      }
    };
    sides.own.forEach(place(true));
    sides.others.forEach(place(false));
    const known = sides.known.filter((rule) => rule.direction === direction);
    return podSums(direction, pods, known, namespace, parameters).concat(
      blockSums(direction, blocks, known, parameters),
    );
  });
}
