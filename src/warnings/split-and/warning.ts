import type { Peer, PolicyRule } from "../../netpol/model.ts";
import { normalKey } from "../../netpol/selector.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";

/** Warns of two neighbouring peers that were probably meant to be one. */
export const splitAnd: Warning = {
  id: "split-and",
  summary: "Two peers in a row, of which either is enough, look like one that needs both.",
  inspect: (inspected) => inspected.rules.flatMap((rule) => inspectRule(inspected, rule)),
};

function inspectRule(
  inspected: Inspected,
  { direction, peers = [] }: PolicyRule,
): readonly Advice[] {
  const found: Advice[] = [];
  let previous: Peer | undefined;
  for (const peer of peers) {
    const isPair = previous !== undefined && isSplit(inspected, previous, peer);
    if (isPair) found.push(advice(direction === "ingress" ? "gets in" : "is reached", peer.path));
    // A peer is half of one pair.
    previous = isPair ? undefined : peer;
  }
  return found;
}

function advice(what: string, path: string): Advice {
  return {
    path,
    message: `this peer and the one before it are two, so whoever matches either of them ${what}; written as one, they would need both`,
    fix: "If both were meant, join them: remove the dash before the second selector. If either was meant, give each peer a rule of its own.",
  };
}

function isSplit(inspected: Inspected, one: Peer, other: Peer): boolean {
  const isFirst = isNamespaces(one) && isSomePods(inspected, other);
  return isFirst || (isSomePods(inspected, one) && isNamespaces(other));
}

/** Only a namespaceSelector: one with a podSelector beside it shows that its author knows both. */
function isNamespaces(peer: Peer): boolean {
  return peer.kind === "pods" && peer.namespaces !== "own" && peer.pods.keys.size === 0;
}

/** Only a podSelector: of some pods, and not of those that the policy is for. */
function isSomePods({ policy }: Inspected, peer: Peer): boolean {
  if (peer.kind !== "pods" || peer.namespaces !== "own" || peer.pods.keys.size === 0) return false;
  return normalKey(peer.pods) !== normalKey(policy.subject);
}
