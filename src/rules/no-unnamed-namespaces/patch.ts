import type { JsonPatch } from "../../api/jsonpatch.ts";
import type { PodPeer, PolicyRule } from "../../netpol/model.ts";
import { isDNS } from "../carveouts.ts";
import { toDNS, toOwnNamespace } from "../narrowing.ts";
import type { Judged } from "../rule.ts";

/** Keeps the DNS pods or the own namespace; which other ones are meant only the author knows. */
export function patchUnnamed(
  judged: Judged,
  rule: PolicyRule,
  peer: PodPeer,
): JsonPatch | undefined {
  const dns = isDNS(judged.standard, rule) ? toDNS(judged, peer) : undefined;
  return dns ?? toOwnNamespace(judged, peer);
}
