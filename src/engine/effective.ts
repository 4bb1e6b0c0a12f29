import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Direction, Model, PolicyRule, Problem } from "../netpol/model.ts";
import { compileOnce } from "./compileonce.ts";

/** A policy that takes effect, with the rules that do. */
export type Member = { readonly model: Model; readonly rules: readonly PolicyRule[] };

/** Rules of a direction that the policy isolates, if it can select a pod at all. */
export function effectiveRules(model: Model, direction: Direction): readonly PolicyRule[] {
  if (!model.subject.possible || !model.isolates[direction]) return [];
  return model.rules.filter((rule) => rule.direction === direction);
}

/** The policy's effective rules of both directions. */
export function allEffectiveRules(model: Model): readonly PolicyRule[] {
  return [...effectiveRules(model, "ingress"), ...effectiveRules(model, "egress")];
}

/** Reads a policy as one of several of its namespace. */
export function readMember(
  networkPolicy: NetworkPolicy,
  namespace: string,
): Member | { readonly problem: Problem } {
  const compiled = compileOnce(networkPolicy, namespace);
  if ("problem" in compiled) return compiled;
  const { model } = compiled;
  const known = members.get(model) ?? { model, rules: allEffectiveRules(model) };
  members.set(model, known);
  return known;
}

const members = new WeakMap<Model, Member>();
