import type { Level, Version } from "../api/level.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { LevelParameters } from "../rules/parameters.ts";
import type { Evaluation } from "./finding.ts";
import { judge } from "./judge.ts";
import { registryOf } from "./registry.ts";

/** Where and how strictly a policy is judged; `namespace` is the policy's own. */
export type Judgement = {
  readonly namespace: string;
  readonly level: Level;
  readonly version: Version;
};

/** Judges one policy by itself. Pure and total: whatever it cannot judge ends in `unjudged`. */
export type Evaluator = (networkPolicy: NetworkPolicy, how: Judgement) => Evaluation;

/** Checks parameters and rules once and returns the evaluator; throws on unusable parameters. */
export function createEvaluator(parameters: LevelParameters): Evaluator {
  const { standards, rulesOf } = registryOf(parameters);
  return function evaluate(networkPolicy, { namespace, level, version }) {
    if (level === "privileged") return nothingFound;
    const subject = { namespace, networkPolicy, before: undefined };
    return judge(standards[level], rulesOf(version), subject);
  };
}

/** The verdict where nothing is refused. */
export const nothingFound: Evaluation = { findings: [], notes: [] };
