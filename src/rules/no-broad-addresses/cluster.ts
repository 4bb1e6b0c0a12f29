import type { Family } from "../../netpol/address.ts";
import { formatCIDR, smallestList } from "../../netpol/cidr.ts";
import { findNewAddress } from "../../netpol/growth.ts";
import { intersect, size, type Span, type Spans } from "../../netpol/spans.ts";
import { formatBlock } from "../../netpol/block.ts";
import { describePorts, describeWitness } from "../describe.ts";
import { privateSpace } from "../privatespace.ts";
import { type Judged, stepsPerFinding, type Violation } from "../rule.ts";
import type { Contributor } from "./contributor.ts";
import { patchCluster } from "./patch.ts";
import type { Sum } from "./sum.ts";

/** The most addresses of a cluster range that a block may hold, as a prefix: /24 and /64. */
const narrow: { readonly [F in Family]: bigint } = { 4: 1n << 8n, 6: 1n << 64n };

/** A block that covers a range of pods or services, or a large part of one, selects pods. */
export function judgeCluster(
  judged: Judged,
  contributor: Contributor,
  sums: readonly Sum[],
): readonly Violation[] {
  const { rule, peer, spans } = contributor;
  const { family } = peer.block;
  const { meter, standard, before } = judged;
  for (const range of standard.clusterRanges?.[family] ?? []) {
    if (!meter.spend(1)) return [];
    const part = intersect(spans, [range]);
    if (!meter.spend(part.length) || !isTooMuch(part, range, family)) continue;
    const found = findNewAddress(family, part, rule.ports, before[rule.direction], meter);
    if (found === undefined) continue;
    if (!meter.spend(stepsPerFinding)) return [];
    const ranges = smallestList(family, [range]).map(formatCIDR).join(", ");
    const isHeld = (one: Span) => isTooMuch(intersect([one], spans), one, family);
    const patch = patchCluster(judged, contributor, isHeld, sums);
    return [
      {
        path: `${peer.path}.ipBlock`,
        message: `${formatBlock(peer.block)} on ${describePorts(rule.ports)} covers addresses of the cluster's own pods or services (${ranges})`,
        why: "Most network plugins match pods by such a block, so it selects them whatever their labels.",
        fix: `Select pods by labels, or leave the range out: ${peer.path}.ipBlock.except: [${ranges}].`,
        witness: describeWitness(rule.direction, found.address, found.port),
        ...(patch && { patch }),
      },
    ];
  }
  return [];
}

function isTooMuch(part: Spans, range: Span, family: Family): boolean {
  const held = size(part);
  return held > narrow[family] || (held > 0n && held === size([range]));
}

/** Says so when a private block may hold pods and nobody knows where the pods are. */
export function noteUnknown(
  { standard }: Judged,
  contributors: () => readonly Contributor[],
): readonly string[] {
  if (standard.knowsPodRanges) return [];
  const isWide = contributors().some(({ peer, spans }) => {
    const { family } = peer.block;
    return size(intersect(spans, privateSpace[family])) > narrow[family];
  });
  return isWide ? ["cluster ranges unknown: not checked against pods"] : [];
}
