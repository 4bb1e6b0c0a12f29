import { findNewPod, type PodWitness } from "../netpol/growth.ts";
import type { PodPeer, PolicyRule } from "../netpol/model.ts";
import type { Population } from "../netpol/population.ts";
import type { Judged } from "./rule.ts";

/** A pod of the population that the peer newly admits. */
export function admitted(
  judged: Judged,
  population: Population,
  rule: PolicyRule,
  peer: PodPeer,
): PodWitness | undefined {
  return findNewPod(population, peer, rule.ports, judged.before[rule.direction], judged.meter);
}

/** The peers of a rule that are pods of other namespaces. */
export function podPeersOf(rule: PolicyRule): readonly PodPeer[] {
  return (rule.peers ?? []).filter(
    (peer): peer is PodPeer => peer.kind === "pods" && peer.namespaces !== "own",
  );
}

/** True for a rule that adds up over policies: it names pods of other namespaces, or addresses. */
export function hasPeerOutside({ peers = [] }: PolicyRule): boolean {
  return peers.some((peer) => peer.kind === "addresses" || peer.namespaces !== "own");
}
