import type { JsonPatch } from "../../api/jsonpatch.ts";
import type { PodPeer, PolicyRule } from "../../netpol/model.ts";
import { isDNS } from "../carveouts.ts";
import { toDNS } from "../narrowing.ts";
import type { Judged } from "../rule.ts";

/** Keeps the DNS pods of a rule for DNS; behind any other label only the author knows who stands. */
export function patchForgeable(
  judged: Judged,
  rule: PolicyRule,
  peer: PodPeer,
): JsonPatch | undefined {
  return isDNS(judged.standard, rule) ? toDNS(judged, peer) : undefined;
}
