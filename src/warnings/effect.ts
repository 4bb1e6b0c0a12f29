import type { Peer, PolicyRule } from "../netpol/model.ts";

/** True when the peer can select a pod or an address at all. */
export function isPossible(peer: Peer): boolean {
  if (peer.kind === "addresses") return peer.block.spans.length > 0;
  return peer.pods.possible && (peer.namespaces === "own" || peer.namespaces.possible);
}

/** True when the rule lets somebody through. */
export function hasEffect({ peers }: PolicyRule): boolean {
  return peers === undefined || peers.some(isPossible);
}
