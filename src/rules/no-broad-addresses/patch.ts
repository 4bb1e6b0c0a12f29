import type { JsonPatch } from "../../api/jsonpatch.ts";
import { type CIDR, parseCIDR, smallestList, spanOf } from "../../netpol/cidr.ts";
import { isEmpty, type PortSet, protocols } from "../../netpol/ports.ts";
import {
  firstEndingAt,
  intersect,
  overlaps,
  type Span,
  type Spans,
  subtract,
} from "../../netpol/spans.ts";
import { leaveOut } from "../leaveout.ts";
import { privateBlocks, privateSpace } from "../privatespace.ts";
import type { Judged } from "../rule.ts";
import type { Contributor } from "./contributor.ts";
import { countPorts, isInternet } from "./internet.ts";
import type { Sum } from "./sum.ts";

/** More than that nobody wants to read, let alone compute for each block. */
const mostRanges = 64;
const mostBlocks = 4;
const mostContributors = 1_000;

const privateCIDRs = {
  4: privateBlocks[4].flatMap((text) => parseCIDR(text) ?? []),
  6: privateBlocks[6].flatMap((text) => parseCIDR(text) ?? []),
};

/**
 * Leaves out of the block those cluster ranges of which it holds too much. Undefined where so many
 * ports would then lead to the internet that other blocks are refused as well.
 */
export function patchCluster(
  judged: Judged,
  contributor: Contributor,
  isTooMuch: (range: Span) => boolean,
  sums: readonly Sum[],
): JsonPatch | undefined {
  const isSpoilt =
    isInternetEgress(judged, contributor) &&
    countPorts(sums) > 0n &&
    countPorts(sums) <= mostPorts(judged) &&
    countPorts([...sums, ...portsOf([contributor])]) > mostPorts(judged);
  if (isSpoilt) return undefined;
  const ranges = rangesWithin(judged, contributor);
  const parts = ranges && partsOf(contributor, ranges.filter(isTooMuch));
  return parts && leaveOut(judged, contributor.rule, contributor.peer, parts);
}

/**
 * Leaves out of a block, and of those that are as broad on the same ports, whatever keeps it from
 * being egress to the internet on a few ports. Undefined where something broad would be left.
 */
export function patchInternet(
  judged: Judged,
  carrier: Contributor,
  all: readonly Contributor[],
  sums: readonly Sum[],
): JsonPatch | undefined {
  if (!isInternetEgress(judged, carrier) || all.length > mostContributors) return undefined;
  const isFew = (blocks: readonly Contributor[]) =>
    countPorts([...sums, ...portsOf(blocks)]) <= mostPorts(judged);
  const changed = isFew([carrier]) ? blocksToChange(judged, carrier, all) : [];
  if (changed.length === 0 || !isFew(changed)) return undefined;
  const patches = changed.map((contributor) => {
    const parts = partsOutsideInternet(judged, contributor);
    return parts && leaveOut(judged, contributor.rule, contributor.peer, parts);
  });
  if (!patches.every((patch) => patch !== undefined)) return undefined;
  const patch = patches.flat();
  // Once an item is removed the paths of those behind it are others.
  const isSafe = changed.length === 1 || patch.every(({ op }) => op !== "remove");
  return isSafe ? patch : undefined;
}

/** True where the carve-out for the internet can hold. */
function isInternetEgress({ standard }: Judged, { rule }: Contributor): boolean {
  return standard.level === "baseline" && rule.direction === "egress" && rule.numbered;
}

function mostPorts({ standard }: Judged): bigint {
  return BigInt(standard.parameters.maxInternetPorts);
}

function portsOf(blocks: readonly Contributor[]): readonly Pick<Sum, "protocol" | "internet">[] {
  return blocks.flatMap(({ rule }) =>
    protocols.map((protocol) => ({ protocol, internet: rule.ports[protocol].numbers })),
  );
}

/**
 * The carrier and the widest of the others, until what is left on their ports is narrow; nothing
 * where that never comes.
 */
function blocksToChange(
  judged: Judged,
  carrier: Contributor,
  all: readonly Contributor[],
): readonly Contributor[] {
  const changed: Contributor[] = [];
  let widest: Contributor | undefined = carrier;
  while (widest !== undefined) {
    if (!widest.rule.numbered || changed.length === mostBlocks) return [];
    changed.push(widest);
    const rest = all.filter(
      (one) =>
        !changed.includes(one) &&
        !isInternet(judged, one) &&
        changed.some(({ rule }) => meets(rule.ports, one.rule.ports)),
    );
    widest = isNarrow(judged, rest) ? undefined : rest[0];
  }
  return changed;
}

/** On egress a name may turn out to be any number. */
function meets(ports: PortSet, others: PortSet): boolean {
  return protocols.some(
    (protocol) =>
      overlaps(ports[protocol].numbers, others[protocol].numbers) ||
      (others[protocol].names.size > 0 && !isEmpty(ports[protocol])),
  );
}

/** True when the blocks of one family are narrow enough even if none of them overlapped. */
function isNarrow({ standard }: Judged, rest: readonly Contributor[]): boolean {
  const [first] = rest;
  if (first === undefined) return true;
  const { limit, bucket } = standard.measure[first.peer.block.family];
  const sum = rest.reduce((total, { width }) => total + width, 0n);
  return sum <= limit && (bucket === undefined || sum < bucket);
}

/** What of the block is private or the cluster's: private space as people write it, then the rest. */
function partsOutsideInternet(
  judged: Judged,
  contributor: Contributor,
): readonly CIDR[] | undefined {
  const { spans, peer } = contributor;
  const { family } = peer.block;
  const own = privateCIDRs[family].filter((cidr) => overlaps([spanOf(cidr)], spans));
  const ranges = rangesWithin(judged, contributor);
  const others = ranges && partsOf(contributor, subtract(ranges, privateSpace[family]));
  return others && [...own, ...others];
}

/** The cluster ranges that the block meets; undefined when they are too many. */
function rangesWithin({ standard }: Judged, { peer, spans }: Contributor): Spans | undefined {
  const { family, cidr } = peer.block;
  const all = standard.clusterRanges?.[family] ?? [];
  const { lo, hi } = spanOf(cidr);
  const start = firstEndingAt(all, lo);
  const near = all.slice(start, start + mostRanges + 1).filter((range) => range.lo <= hi);
  if (near.length > mostRanges) return undefined;
  return near.filter((range) => overlaps([range], spans));
}

/** What the block and the ranges have in common, as blocks; undefined when these are too many. */
function partsOf({ peer }: Contributor, ranges: Spans): readonly CIDR[] | undefined {
  const { family, cidr } = peer.block;
  const parts = smallestList(family, intersect(ranges, [spanOf(cidr)]));
  return parts.length > mostRanges ? undefined : parts;
}
