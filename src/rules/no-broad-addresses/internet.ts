import { overlaps, size, union } from "../../netpol/spans.ts";
import { privateSpace } from "../privatespace.ts";
import type { Judged } from "../rule.ts";
import type { Contributor } from "./contributor.ts";
import type { Sum } from "./sum.ts";

/**
 * True for a block that is certainly the internet: nothing private, nothing of the cluster, and
 * every port entry of its rule has a number.
 */
export function isInternet({ standard }: Judged, { rule, peer, spans }: Contributor): boolean {
  const { family } = peer.block;
  if (!rule.numbered || overlaps(spans, privateSpace[family])) return false;
  return !overlaps(spans, standard.clusterRanges?.[family] ?? []);
}

/** How many pairs of protocol and port number need the carve-out, over both address families. */
export function countPorts(sums: readonly Pick<Sum, "protocol" | "internet">[]): bigint {
  let count = 0n;
  for (const group of Map.groupBy(sums, ({ protocol }) => protocol).values()) {
    count += size(union(group.flatMap(({ internet }) => internet)));
  }
  return count;
}
