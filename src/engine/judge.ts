import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { indexBefore } from "../netpol/before.ts";
import { createMeter, type Meter, tooComplex } from "../netpol/meter.ts";
import type { Direction, Model, PolicyRule } from "../netpol/model.ts";
import { activeStrangers, freshName, passiveStrangers } from "../netpol/population.ts";
import { covers, type Selector } from "../netpol/selector.ts";
import type { Judged, Rule } from "../rules/rule.ts";
import type { Standard } from "../rules/standard.ts";
import { compileOnce } from "./compileonce.ts";
import { allEffectiveRules, effectiveRules } from "./effective.ts";
import type { Evaluation, Finding } from "./finding.ts";

/** What is judged: a policy of a namespace and, on an update, the one it replaces. */
export type Subject = {
  readonly namespace: string;
  readonly networkPolicy: NetworkPolicy;
  readonly before: NetworkPolicy | undefined;
};

/** Applies the rules of a level to one policy. Pure and total. */
export function judge(
  standard: Standard,
  rules: readonly Rule[],
  subject: Subject,
  meter: Meter = createMeter(),
): Evaluation {
  const compiled = compileOnce(subject.networkPolicy, subject.namespace);
  if ("problem" in compiled) return { findings: [], unjudged: compiled.problem, notes: [] };
  const judged = prepare(standard, subject, compiled.model, meter);
  const applied = appliedOf(standard, rules);
  const findings: Finding[] = [];
  for (const rule of applied) {
    for (const violation of rule.judge(judged)) {
      findings.push({ rule: rule.id, level: rule.level, ...violation });
    }
    if (judged.meter.exhausted()) break;
  }
  const notes = applied.flatMap((rule) => rule.notes?.(judged) ?? []);
  if (judged.meter.exhausted()) {
    return { findings: [], unjudged: tooComplex, notes };
  }
  return { findings, notes };
}

/** The rules that a level has. */
export function appliedOf(standard: Standard, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ level }) => level === "baseline" || standard.level === "restricted");
}

/** What the rules look at. */
export function prepare(
  standard: Standard,
  subject: Subject,
  policy: Model,
  meter: Meter = createMeter(),
): Judged {
  const old = compileBefore(subject);
  const name = freshName(old === undefined ? [policy] : [policy, old]);
  return {
    policy,
    policyBefore: old,
    written: subject.networkPolicy,
    writtenBefore: subject.before,
    rules: allEffectiveRules(policy),
    before: {
      ingress: indexBefore(rulesBefore(policy.subject, old, "ingress"), meter),
      egress: indexBefore(rulesBefore(policy.subject, old, "egress"), meter),
    },
    strangers: {
      passive: passiveStrangers(name, standard.parameters),
      active: activeStrangers(name, standard.parameters),
    },
    standard,
    meter,
  };
}

/** The old rules; where the policy selects pods that the old one did not, nothing was admitted. */
export function rulesBefore(
  pods: Selector,
  old: Model | undefined,
  direction: Direction,
): readonly PolicyRule[] {
  if (old === undefined || !covers(old.subject, pods)) return [];
  return effectiveRules(old, direction);
}

/** An old object that cannot be read admitted nothing as far as we know. */
function compileBefore({ before, namespace }: Subject): Model | undefined {
  if (before === undefined) return undefined;
  const compiled = compileOnce(before, namespace);
  return "model" in compiled ? compiled.model : undefined;
}
