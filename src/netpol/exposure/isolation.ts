import type { Direction } from "../model.ts";
import type { NotEvaluated, PolicyRef } from "./input.ts";
import type { MatchedPolicy, MatchedRule } from "./match.ts";

/** What holds for a pod in one direction. */
export type Isolation = {
  /** The policies that isolate it; without any it is open. */
  readonly policies: readonly PolicyRef[];
  readonly rules: readonly MatchedRule[];
  /** Policies of its namespace that could not be read: any of them may isolate it or admit more. */
  readonly unread: readonly NotEvaluated[];
};

/** What the policies that select a pod do in one direction. */
export function isolationOf(
  direction: Direction,
  selecting: readonly MatchedPolicy[],
  unread: readonly NotEvaluated[],
): Isolation {
  const isolating = selecting.filter(({ policy }) => policy.model.isolates[direction]);
  return {
    policies: isolating.map(({ policy }) => policy.ref),
    rules: isolating.flatMap(({ rules }) =>
      rules.filter(({ rule }) => rule.direction === direction),
    ),
    unread,
  };
}
