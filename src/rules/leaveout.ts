import type { JsonPatch } from "../api/jsonpatch.ts";
import { type CIDR, formatCIDR, spanOf } from "../netpol/cidr.ts";
import { isMapped, unfold } from "../netpol/fold.ts";
import type { AddressPeer, PolicyRule } from "../netpol/model.ts";
import { subtract, union } from "../netpol/spans.ts";
import { pointerTo } from "./describe.ts";
import { removePeer } from "./removal.ts";
import type { Judged } from "./rule.ts";

/**
 * Leaves parts of a block out of it; the block goes where nothing would be left. There is no patch
 * of an IPv4-mapped block, where no part could be spelled so that plugins agree about it.
 */
export function leaveOut(
  judged: Judged,
  rule: PolicyRule,
  peer: AddressPeer,
  parts: readonly CIDR[],
): JsonPatch | undefined {
  const { written, spans, excepts } = peer.block;
  if (subtract(spans, union(parts.map(spanOf))).length === 0) return removePeer(judged, rule, peer);
  if (isMapped(written)) return undefined;
  const texts = parts.flatMap((part) => unfold(written, part) ?? []).map(formatCIDR);
  const path = pointerTo(peer.path, "ipBlock", "except");
  if (excepts.length === 0) return [{ op: "add", path, value: texts }];
  return texts.map((text) => ({ op: "add", path: `${path}/-`, value: text }));
}
