import type { Family } from "../../netpol/address.ts";
import type { PolicyRule } from "../../netpol/model.ts";
import type { AddressSet } from "../../rules/standard.ts";
import type { Inspected } from "../warning.ts";

/**
 * What shows that addresses of the family are in use: the ranges of the cluster, or where they are
 * not known, other blocks of its policies. Most clusters have one family, and a rule for one family
 * is then just right.
 */
export function evidenceOf(inspected: Inspected, family: Family): string | undefined {
  const ranges = rangesOf(inspected);
  if (ranges.length > 0) {
    const has = ranges.some((range) => range[family].length > 0);
    return has ? `the cluster has IPv${family} addresses as well` : undefined;
  }
  if (inspected.rules.some((rule) => names(rule, family))) {
    return `other rules of the policy name IPv${family} addresses`;
  }
  const beside = (inspected.neighbours ?? []).flatMap(({ rules }) => rules);
  if (!beside.some((rule) => names(rule, family))) return undefined;
  return `other policies of the namespace name IPv${family} addresses`;
}

function rangesOf({ cluster, standard }: Inspected): readonly AddressSet[] {
  const { pods, services } = cluster?.ranges ?? {};
  return [pods, services, standard.clusterRanges].flatMap((range) =>
    range !== undefined && range[4].length + range[6].length > 0 ? [range] : [],
  );
}

function names({ peers = [] }: PolicyRule, family: Family): boolean {
  return peers.some((peer) => peer.kind === "addresses" && peer.block.family === family);
}
