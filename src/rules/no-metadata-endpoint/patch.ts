import type { JsonPatch } from "../../api/jsonpatch.ts";
import { bits } from "../../netpol/address.ts";
import type { AddressPeer, PolicyRule } from "../../netpol/model.ts";
import { leaveOut } from "../leaveout.ts";
import { listPeers, ownPods } from "../narrowing.ts";
import type { Judged } from "../rule.ts";
import type { Endpoint } from "./endpoints.ts";

/** Leaves the endpoints out of the block; a block of nothing else goes. */
export function patchBlock(
  judged: Judged,
  rule: PolicyRule,
  peer: AddressPeer,
  reached: readonly Endpoint[],
): JsonPatch | undefined {
  const parts = reached.map(({ address: { family, value } }) => ({
    family,
    network: value,
    prefix: bits[family],
  }));
  return leaveOut(judged, rule, peer, parts);
}

/** Lists the own namespace, as for any rule that is open to everyone. */
export function patchEveryone(judged: Judged, rule: PolicyRule): JsonPatch {
  return listPeers(judged, rule, [ownPods]);
}
