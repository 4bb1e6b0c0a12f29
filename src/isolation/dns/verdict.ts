import type { EgressRule } from "../../api/networkpolicy.ts";
import { createEvaluator } from "../../engine/evaluator.ts";
import { defaultParameters } from "../../rules/defaults.ts";
import { desiredCompanion } from "./companion.ts";

/** What our own rules say against a companion with these rules; empty when nothing. */
export type Judge = (egress: readonly EgressRule[]) => readonly string[];

/** Judges companions at the strictest level, as if somebody else had written them. */
export function createJudge(): Judge {
  const evaluate = createEvaluator(defaultParameters);
  // Nothing is less strict for a namespace of this name than for any other.
  const how = { namespace: "judged-by-ringfence", level: "restricted", version: "latest" } as const;
  return (egress) => {
    const { findings, unjudged } = evaluate(desiredCompanion(how.namespace, egress), how);
    const found = findings.map(({ rule, path, message }) => `${rule} at ${path}: ${message}`);
    return unjudged ? [...found, `${unjudged.path}: ${unjudged.message}`] : found;
  };
}
