import { pointer } from "../../api/jsonpatch.ts";
import type { Direction } from "../../netpol/model.ts";
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
  const { policy, written } = judged;
  const rules = written.spec?.[direction] ?? [];
  if (policy.isolates[direction] || rules.length === 0) return [];
  const known = new Set(deadBefore(judged, direction).map((rule) => JSON.stringify(rule)));
  if (rules.every((rule) => known.has(JSON.stringify(rule)))) return [];
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

function deadBefore({ policyBefore, writtenBefore }: Judged, direction: Direction): readonly unknown[] {
  if (policyBefore === undefined || policyBefore.isolates[direction]) return [];
  return writtenBefore?.spec?.[direction] ?? [];
}

function count(rules: number): string {
  return rules === 1 ? "1 rule is listed" : `${rules} rules are listed`;
}
