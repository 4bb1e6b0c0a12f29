import type { Parameters } from "../../src/rules/parameters.ts";
import type { Block } from "./address.ts";
import { covers, cutIntoCells } from "./cells.ts";
import type { Reach } from "./expectation.ts";
import { type BlockPeer, type Direction, directions, type PodPeer } from "./policy.ts";
import { countPorts, type Entry, protocols } from "./port.ts";
import { group, type Placed, samePods, sameText, textOf } from "./ports.ts";
import type { Partner, Share, SharedSum } from "./shared.ts";
import { reachesOutside } from "./stranger.ts";

type Owned<P> = Placed<P> & { readonly by: Partner };

function entriesOf(all: readonly Placed<unknown>[]): readonly Entry[] {
  return all.flatMap(({ entries }) => entries);
}

function isTooMany(all: readonly Placed<unknown>[], protocol: string, { maxPorts }: Parameters) {
  return countPorts(entriesOf(all), protocol) > maxPorts;
}

function byPartner<P>(all: readonly Owned<P>[]): readonly (readonly Owned<P>[])[] {
  return [...Map.groupBy(all, ({ by }) => by).values()];
}

/** True when all together have too many ports of the protocol, and nobody alone. */
function isShared(all: readonly Owned<unknown>[], protocol: string, parameters: Parameters) {
  return (
    isTooMany(all, protocol, parameters) &&
    !byPartner(all).some((own) => isTooMany(own, protocol, parameters))
  );
}

function sumOf(
  direction: Direction,
  all: readonly Owned<PodPeer | BlockPeer>[],
  peers: string,
  protocol: string,
  optional: boolean,
  reachOf: (peer: PodPeer | BlockPeer) => Pick<Reach, "pods" | "ranges">,
): SharedSum {
  const counted = all.map((one) => {
    return { ...one, entries: one.entries.filter((entry) => entry.protocol === protocol) };
  });
  const shares = byPartner(counted.filter(({ entries }) => entries.length > 0)).flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const reaches = own.map(({ peer, entries: ports }) => {
      return { direction, ports, ...reachOf(peer), sure: true };
    });
    const keys = own.map(({ peer }) => peer.key);
    const width = BigInt(Math.max(...own.map((one) => countPorts(one.entries, protocol))));
    const share: Share = {
      rule: "require-ports",
      keys,
      optional: false,
      reaches,
      of: first.by.of,
      width,
    };
    return [share];
  });
  const what = JSON.stringify([direction, peers]);
  return { rule: "require-ports", direction, what, optional, shares };
}

function podsOf(peer: PodPeer | BlockPeer): Pick<Reach, "pods"> {
  return peer.kind === "block" ? {} : { pods: { peer, who: "outside" } };
}

function sharedPeers(
  direction: Direction,
  pods: readonly Owned<PodPeer>[],
  parameters: Parameters,
): readonly SharedSum[] {
  // How far "normalised" goes is not said: from spelling alone to equal meaning.
  return group(pods, samePods).flatMap((meaning) =>
    protocols.flatMap((protocol) => {
      const isMeant = isShared(meaning, protocol, parameters);
      return group(meaning, sameText).flatMap((text) => {
        const [first] = text;
        const sum = (some: readonly Owned<PodPeer>[], optional: boolean) =>
          sumOf(direction, some, first ? textOf(first.peer) : "", protocol, optional, podsOf);
        const sums = isShared(text, protocol, parameters) ? [sum(text, !isMeant)] : [];
        return sums.concat(isMeant ? [sum(meaning, true)] : []);
      });
    }),
  );
}

function sharedRanges(
  direction: Direction,
  blocks: readonly Owned<BlockPeer>[],
  limits: readonly Block[],
  parameters: Parameters,
): readonly SharedSum[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = blocks.filter(({ peer }) => peer.block.family === family);
    return cutIntoCells(family, own.length === 0 ? [] : limits).flatMap((cell) => {
      const here = own.filter(
        ({ peer: { block, excepts } }) =>
          covers(block, family, cell) && !excepts.some((except) => covers(except, family, cell)),
      );
      const reachOf = () => ({ ranges: [{ family, ...cell }] });
      return protocols
        .filter((protocol) => isShared(here, protocol, parameters))
        .map((protocol) =>
          sumOf(direction, here, `IPv${family} ${cell.lo}`, protocol, false, reachOf),
        );
    });
  });
}

/**
 * Peers with too many ports with several networkPolicies of one pod, and with none alone;
 * addresses are cut at the limits of everybody in the namespace.
 */
export function sharedPorts(
  partners: readonly Partner[],
  limits: readonly Block[],
  namespace: string,
  parameters: Parameters,
): readonly SharedSum[] {
  return directions.flatMap((direction) => {
    const pods: Owned<PodPeer>[] = [];
    const blocks: Owned<BlockPeer>[] = [];
    for (const by of partners) {
      for (const { entries, peers } of by.rules.filter((one) => one.direction === direction)) {
        for (const peer of peers) {
          if (peer.kind === "block") blocks.push({ peer, entries, by });
          else if (reachesOutside(peer, namespace)) pods.push({ peer, entries, by });
        }
      }
    }
    return sharedPeers(direction, pods, parameters).concat(
      sharedRanges(direction, blocks, limits, parameters),
    );
  });
}
