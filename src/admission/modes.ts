import type { Mode } from "../api/level.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Evaluator, Judgement } from "../engine/evaluator.ts";
import type { Evaluation } from "../engine/finding.ts";
import type { NamespacePolicy } from "../engine/namespacepolicy.ts";

/** How one networkPolicy does in each mode of its namespace. */
export type ModeEvaluations = { readonly [mode in Mode]: Evaluation } & {
  /** A defect met while only informing; enforce's own defects are thrown. */
  readonly defect?: unknown;
};

const nothing: Evaluation = { findings: [], notes: [] };

const failed: Evaluation = {
  findings: [],
  unjudged: { path: "", message: "Ringfence failed to judge it, see its log" },
  notes: [],
};

/**
 * Judges in all three modes, the same level and version once. `ratcheted` is what enforce uses in
 * place of `whole` on an UPDATE; audit and warn always show everything.
 */
export function evaluateModes(
  networkPolicy: NetworkPolicy,
  namespace: string,
  { enforce, audit, warn }: NamespacePolicy,
  whole: Evaluator,
  ratcheted: Evaluator = whole,
): ModeEvaluations {
  const evaluate = (evaluator: Evaluator, target: NamespacePolicy[Mode]): Evaluation => {
    if (target.level === "privileged") return nothing;
    const how: Judgement = { namespace, level: target.level, version: target.version };
    return evaluator(networkPolicy, how);
  };
  const enforced = evaluate(ratcheted, enforce);
  const isWhole = ratcheted === whole;
  try {
    const audited = isWhole && same(enforce, audit) ? enforced : evaluate(whole, audit);
    if (same(audit, warn)) return { enforce: enforced, audit: audited, warn: audited };
    const warned = isWhole && same(enforce, warn) ? enforced : evaluate(whole, warn);
    return { enforce: enforced, audit: audited, warn: warned };
  } catch (defect) {
    // What only informs must never refuse, not even by a defect in a rule.
    return { enforce: enforced, audit: failed, warn: failed, defect };
  }
}

function same(one: NamespacePolicy[Mode], other: NamespacePolicy[Mode]): boolean {
  return one.level === other.level && one.version === other.version;
}
