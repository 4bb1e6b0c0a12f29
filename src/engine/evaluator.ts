import type { Level, Version } from "../api/level.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { LevelParameters } from "../rules/parameters.ts";
import type { Evaluation } from "./finding.ts";
import { registryOf } from "./registry.ts";
import { judgeBeside } from "./union.ts";

/** Where and how strictly a policy is judged; `namespace` is the policy's own. */
export type Judgement = {
  readonly namespace: string;
  readonly level: Level;
  readonly version: Version;
  /**
   * The namespace's other policies, without those that are exempt: what adds up is judged together
   * with them.
   */
  readonly neighbours?: readonly NetworkPolicy[];
};

/** Judges one policy, beside its neighbours where they are given. Pure and total: whatever it cannot judge ends in `unjudged`. */
export type Evaluator = (networkPolicy: NetworkPolicy, how: Judgement) => Evaluation;

/** Checks parameters and rules once and returns the evaluator; throws on unusable parameters. */
export function createEvaluator(parameters: LevelParameters): Evaluator {
  const { standards, rulesOf } = registryOf(parameters);
  return function evaluate(networkPolicy, { namespace, level, version, neighbours }) {
    if (level === "privileged") return nothingFound;
    const subject = { namespace, networkPolicy, before: undefined };
    return judgeBeside(standards, level, rulesOf(version), subject, neighbours);
  };
}

/** The verdict where nothing is refused. */
export const nothingFound: Evaluation = { findings: [], notes: [] };
