import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../src/engine/evaluator.ts";
import type { Evaluation } from "../../src/engine/finding.ts";
import { createNamespaceEvaluator } from "../../src/engine/namespace.ts";
import { evaluateUpdate } from "../../src/engine/ratchet.ts";
import type { Case } from "./policies.ts";

export const judgedLevels = ["baseline", "restricted"] as const;
export type JudgedLevel = (typeof judgedLevels)[number];

function judgementOf({ namespace, neighbours }: Case, level: JudgedLevel) {
  return { namespace, level, version: "v1", neighbours } as const;
}

/** The engine's answer about a case. */
export function evaluateCase(one: Case, level: JudgedLevel): Evaluation {
  return createEvaluator(one.parameters)(one.networkPolicy, judgementOf(one, level));
}

/** The engine's answer where the case replaces an old version. */
export function evaluateReplacement(old: NetworkPolicy, one: Case, level: JudgedLevel): Evaluation {
  return evaluateUpdate(one.parameters, old, one.networkPolicy, judgementOf(one, level));
}

/** The engine's answers about all networkPolicies of a namespace, in their order. */
export function evaluateTogether(
  all: readonly NetworkPolicy[],
  { namespace, parameters }: Case,
  level: JudgedLevel,
): readonly Evaluation[] {
  return createNamespaceEvaluator(parameters)(all, { namespace, level, version: "v1" });
}
