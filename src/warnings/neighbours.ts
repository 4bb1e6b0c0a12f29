import type { Direction, PolicyRule } from "../netpol/model.ts";
import { covers } from "../netpol/selector.ts";
import type { Inspected } from "./warning.ts";

/**
 * The rules of one direction that hold for every pod that the policy selects: its own, and those of
 * known neighbours that select all of these pods.
 */
export function rulesTogether(
  { policy, rules, neighbours = [] }: Inspected,
  direction: Direction,
): readonly PolicyRule[] {
  const beside = neighbours.filter(
    (neighbour) => neighbour.isolates[direction] && covers(neighbour.subject, policy.subject),
  );
  return [...rules, ...beside.flatMap((neighbour) => neighbour.rules)].filter(
    (rule) => rule.direction === direction,
  );
}
