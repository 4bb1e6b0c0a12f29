import type { Rule, Violation } from "../rules/rule.ts";
import type { Evaluation, Finding } from "./finding.ts";

/** What sums of several policies add to the verdict of one of them. */
export type Addition = { readonly rule: Rule; readonly violation: Violation };

/** Adds findings of sums, worst first; what the policy itself has there already is said once. */
export function unite(
  alone: Evaluation,
  additions: readonly Addition[],
  notes: readonly string[],
  rules: readonly Rule[],
): Evaluation {
  const rank = new Map(rules.map((rule) => [rule.id, rule.rank]));
  const seen = new Set(alone.findings.map(({ rule, path }) => `${rule} ${path}`));
  const added = additions.flatMap(({ rule, violation }): readonly Finding[] => {
    const key = `${rule.id} ${violation.path}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ rule: rule.id, level: rule.level, ...violation }];
  });
  if (added.length === 0 && notes.length === 0) return alone;
  const findings = [...alone.findings, ...added].toSorted(
    (a, b) => (rank.get(a.rule) ?? 0) - (rank.get(b.rule) ?? 0),
  );
  return { ...alone, findings, notes: [...alone.notes, ...notes] };
}
