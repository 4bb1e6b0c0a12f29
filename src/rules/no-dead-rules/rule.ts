import { pointer } from "../../api/jsonpatch.ts";
import { type Before, indexBefore } from "../../netpol/before.ts";
import { findNewAddress, findNewPod } from "../../netpol/growth.ts";
import type { Direction, Model, PolicyRule } from "../../netpol/model.ts";
import { podsOutside } from "../../netpol/population.ts";
import { includesPorts } from "../../netpol/ports.ts";
import { covers } from "../../netpol/selector.ts";
import type { Judged, Rule, Violation } from "../rule.ts";

/** Refuses rules that do nothing because their direction is not in `policyTypes`. */
export const noDeadRules: Rule = {
  id: "no-dead-rules",
  level: "restricted",
  rank: 9,
  summary: "Rules are listed for a direction that the policy does not isolate: they do nothing.",
  parameters: [],
  judge: (judged) =>
    (["ingress", "egress"] as const).flatMap((direction) => judgeDirection(judged, direction)),
};

function judgeDirection(judged: Judged, direction: Direction): readonly Violation[] {
  const rules = deadRules(judged.policy, direction);
  const known = deadRules(judged.policyBefore, direction);
  if (rules.length === 0) return [];
  const before = indexBefore(known, judged.meter);
  if (known.length > 0 && rules.every((rule) => isKnown(judged, rule, before))) return [];
  const type = direction === "ingress" ? "Ingress" : "Egress";
  return [
    {
      path: `spec.${direction}`,
      message: `${count(rules.length)} for ${direction}, but policyTypes does not contain ${type}: nothing is isolated, nothing is allowed by them`,
      why: "Whoever reads the policy believes in an isolation that is not there.",
      fix: `Either add ${type} to spec.policyTypes: then the selected pods are isolated and all other ${direction} traffic of theirs is blocked from now on. Or remove spec.${direction}: nothing changes, ${direction} stays open unless another policy isolates the pods.`,
      patch: [{ op: "remove", path: pointer("spec", direction) }],
    },
  ];
}

function deadRules(policy: Model | undefined, direction: Direction): readonly PolicyRule[] {
  if (policy === undefined || policy.isolates[direction]) return [];
  return policy.rules.filter((rule) => rule.direction === direction);
}

/** True when the rule lists nothing that the dead rules of the earlier version did not list. */
function isKnown({ policy, meter }: Judged, { peers, ports }: PolicyRule, before: Before): boolean {
  if (includesPorts(before.portsOfEveryone, ports)) return true;
  if (peers === undefined) return false;
  return peers.every((peer) => {
    if (peer.kind === "addresses") {
      const { family, spans } = peer.block;
      return findNewAddress(family, spans, ports, before, meter) === undefined;
    }
    if (peer.namespaces === "own") {
      return before.pods.some(
        (old) =>
          old.peer.namespaces === "own" &&
          covers(old.peer.pods, peer.pods) &&
          includesPorts(old.ports, ports),
      );
    }
    const outside = podsOutside(policy.namespace);
    return findNewPod(outside, peer, ports, before, meter) === undefined;
  });
}

function count(rules: number): string {
  return rules === 1 ? "1 rule is listed" : `${rules} rules are listed`;
}
