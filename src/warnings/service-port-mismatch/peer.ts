import { keyOfPods } from "../../netpol/before.ts";
import { formatBlock } from "../../netpol/block.ts";
import type { Meter } from "../../netpol/meter.ts";
import type { Peer, PolicyRule } from "../../netpol/model.ts";

/** True when both rules list some peer, or one of them is for everyone. */
export function haveCommonPeer(a: PolicyRule, b: PolicyRule, meter: Meter): boolean {
  if (a.peers === undefined || b.peers === undefined) return true;
  if (!meter.spend(a.peers.length + b.peers.length)) return true;
  const keys = new Set(a.peers.map(keyOf));
  return b.peers.some((peer) => keys.has(keyOf(peer)));
}

function keyOf(peer: Peer): string {
  return peer.kind === "pods" ? keyOfPods(peer) : formatBlock(peer.block);
}
