import type { Direction, PodPeer } from "../../netpol/model.ts";
import { podsOutside } from "../../netpol/population.ts";
import { findPod } from "../../netpol/search.ts";
import { isDNS, isPublicListener } from "../../rules/carveouts.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";

/** Warns where every pod of a namespace is opened to another namespace. */
export const wideSubject: Warning = {
  id: "wide-subject",
  summary: "A policy for every pod of its namespace lets each of them talk to other namespaces.",
  inspect,
};

function inspect(inspected: Inspected): readonly Advice[] {
  if (inspected.policy.subject.keys.size > 0) return [];
  for (const rule of inspected.rules) {
    if (isDNS(inspected.standard, rule) || isPublicListener(inspected, rule)) continue;
    const peer = rule.peers?.find((one) => one.kind === "pods" && reachesOut(inspected, one));
    if (peer !== undefined) return [advice(inspected, rule.direction, peer.path)];
  }
  return [];
}

function advice({ policy }: Inspected, direction: Direction, path: string): Advice {
  const what =
    direction === "ingress"
      ? `${path} lets another namespace in to every one of them`
      : `${path} lets every one of them talk to another namespace`;
  return {
    path: "spec.podSelector",
    message: `all pods of ${policy.namespace} are selected, and ${what}`,
    fix: "Select the pods that need it: podSelector: {matchLabels: {app: NAME}}.",
  };
}

function reachesOut({ policy, meter }: Inspected, peer: PodPeer): boolean {
  return findPod(podsOutside(policy.namespace), peer, [], meter) !== undefined;
}
