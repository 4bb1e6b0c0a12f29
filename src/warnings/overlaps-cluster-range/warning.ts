import type { Family } from "../../netpol/address.ts";
import { type Block, formatBlock } from "../../netpol/block.ts";
import { formatCIDR, smallestList } from "../../netpol/cidr.ts";
import type { AddressPeer, PolicyRule } from "../../netpol/model.ts";
import { intersect, overlaps, size, type Span, type Spans } from "../../netpol/spans.ts";
import { isDNS } from "../../rules/carveouts.ts";
import { listSome } from "../../rules/describe.ts";
import type { Standard } from "../../rules/standard.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";
import { type KnownRange, rangesOf } from "./ranges.ts";

/** Tells of narrow blocks inside the cluster's own ranges; wide ones are refused. */
export const overlapsClusterRange: Warning = {
  id: "overlaps-cluster-range",
  summary: "An address block holds addresses of the cluster's own pods, services or nodes.",
  inspect,
};

function inspect(inspected: Inspected): readonly Advice[] {
  const ranges = rangesOf(inspected);
  if (ranges.length === 0) return [];
  return inspected.rules.flatMap((rule) =>
    (rule.peers ?? []).flatMap((peer) =>
      peer.kind === "addresses" ? inspectPeer(inspected, ranges, rule, peer) : [],
    ),
  );
}

function inspectPeer(
  { standard, meter }: Inspected,
  ranges: readonly KnownRange[],
  rule: PolicyRule,
  { path, block }: AddressPeer,
): readonly Advice[] {
  if (!meter.spend(ranges.length + block.spans.length)) return [];
  const range = ranges.find(
    ({ addresses, ofManyOnly }) =>
      overlaps(block.spans, addresses[block.family]) && !(ofManyOnly && isOneAddress(block)),
  );
  if (range === undefined) return [];
  if (!isDNS(standard, rule) && isRefused(standard, block)) return [];
  const { family } = block;
  const held = range.addresses[family].filter((span) => overlaps(block.spans, [span]));
  const texts = listSome(smallestList(family, held).map(formatCIDR));
  return [
    {
      path: `${path}.ipBlock`,
      message: `${formatBlock(block)} holds addresses of the cluster's ${range.owners} (${texts}): ${range.why}`,
      fix: range.fix,
    },
  ];
}

/** The most addresses of a range that a block may hold without being refused: /24 and /64. */
const narrow: { readonly [F in Family]: bigint } = { 4: 1n << 8n, 6: 1n << 64n };

/** True where `no-broad-addresses` says the same, and more. */
function isRefused({ clusterRanges }: Standard, { family, spans }: Block): boolean {
  return (clusterRanges?.[family] ?? []).some((range) => holdsMuchOf(range, spans, narrow[family]));
}

function holdsMuchOf(range: Span, spans: Spans, most: bigint): boolean {
  const held = size(intersect(spans, [range]));
  return held > most || (held > 0n && held === size([range]));
}

function isOneAddress({ spans }: Block): boolean {
  return size(spans) === 1n;
}
