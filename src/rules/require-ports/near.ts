import { keyOfPods } from "../../netpol/before.ts";
import type { Peer, PolicyRule } from "../../netpol/model.ts";
import { overlaps, type Spans, union } from "../../netpol/spans.ts";

/** Tells the rules that have a peer in common with these ones: their ports add up. */
export function withCommonPeer(own: readonly PolicyRule[]): (rule: PolicyRule) => boolean {
  const peers = own.flatMap((rule) => rule.peers ?? []);
  const pods = new Set(peers.flatMap((peer) => (peer.kind === "pods" ? [keyOfPods(peer)] : [])));
  const addresses = { 4: spansOf(peers, 4), 6: spansOf(peers, 6) };
  const isCommon = (peer: Peer) =>
    peer.kind === "pods"
      ? pods.has(keyOfPods(peer))
      : overlaps(addresses[peer.block.family], peer.block.spans);
  return (rule) => (rule.peers ?? []).some(isCommon);
}

function spansOf(peers: readonly Peer[], family: 4 | 6): Spans {
  return union(
    peers.flatMap((peer) =>
      peer.kind === "addresses" && peer.block.family === family ? peer.block.spans : [],
    ),
  );
}
