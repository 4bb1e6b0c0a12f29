import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { createMeter } from "../netpol/meter.ts";
import type { PolicyHead } from "../netpol/model.ts";
import type { Rule, Summation } from "../rules/rule.ts";
import type { Standard } from "../rules/standard.ts";
import { hasPeerOutside } from "../rules/strangers.ts";
import type { LevelParameters } from "../rules/parameters.ts";
import { type Member, readMember } from "./effective.ts";
import { type Judgement, nothingFound } from "./evaluator.ts";
import type { Evaluation } from "./finding.ts";
import { appliedOf, judge, prepare } from "./judge.ts";
import { judgeSumOfAll } from "./namespacesum.ts";
import { registryOf } from "./registry.ts";
import { notExact } from "./sum.ts";
import { type Addition, unite } from "./unite.ts";
import { cumulative, tooComplex } from "./union.ts";

/** Judges all policies of one namespace; one result for each, in their order. */
export type NamespaceEvaluator = (
  networkPolicies: readonly NetworkPolicy[],
  how: Omit<Judgement, "neighbours">,
) => readonly Evaluation[];

/**
 * Judges what is stored or written side by side: each policy by itself, and what adds up to too
 * much for some pod that several of them select. A sum is a finding of its widest contributor.
 */
export function createNamespaceEvaluator(parameters: LevelParameters): NamespaceEvaluator {
  const { standards, rulesOf } = registryOf(parameters);
  return function evaluateNamespace(networkPolicies, { namespace, level, version }) {
    if (level === "privileged") return networkPolicies.map(() => nothingFound);
    const standard = standards[level];
    const rules = rulesOf(version);
    const alone = networkPolicies.map((networkPolicy) =>
      judge(standard, rules, { namespace, networkPolicy, before: undefined }),
    );
    const { members, notes } = readAll(networkPolicies, namespace);
    const additions = cumulative(standards, level).map((each) =>
      sumUp(each, appliedOf(each, rules), members),
    );
    const noted = [...new Set(additions.flatMap((each) => each.notes))];
    return alone.map((evaluation, index) => {
      const member = members[index];
      const own = [...(notes[index] ?? []), ...(member ? noted : [])];
      if (member === undefined) return unite(evaluation, [], own, rules);
      if (additions.some((each) => each.isTooComplex)) return tooComplex(evaluation, own);
      return unite(
        evaluation,
        additions.flatMap((each) => each.of(member)),
        own,
        rules,
      );
    });
  };
}

/** The policies that have a share in some sum, at the index of each, and what to note of the others. */
function readAll(
  networkPolicies: readonly NetworkPolicy[],
  namespace: string,
): {
  readonly members: readonly (Member | undefined)[];
  readonly notes: readonly (readonly string[])[];
} {
  const names = new Set<string>();
  const notes: (readonly string[])[] = [];
  const members = networkPolicies.map((networkPolicy, index) => {
    const member = readMember(networkPolicy, namespace);
    if ("problem" in member || !member.rules.some(hasPeerOutside)) return undefined;
    const { name } = member.model;
    if (names.has(name) && name !== "") {
      notes[index] = ["not checked together with the namespace's others: one has the same name"];
      return undefined;
    }
    names.add(name);
    return member;
  });
  return { members, notes };
}

type Additions = {
  readonly of: (member: Member) => readonly Addition[];
  readonly notes: readonly string[];
  readonly isTooComplex: boolean;
};

function sumUp(
  standard: Standard,
  applied: readonly Rule[],
  all: readonly (Member | undefined)[],
): Additions {
  // By name: which set of policies is told of first must not depend on how they were listed.
  const members = all
    .filter((member) => member !== undefined)
    .toSorted((a, b) => (a.model.name < b.model.name ? -1 : a.model.name > b.model.name ? 1 : 0));
  const [first] = members;
  const nothing: Additions = { of: () => [], notes: [], isTooComplex: false };
  if (first === undefined || members.length === 1) return nothing;
  const { namespace } = first.model;
  const scene = prepare(standard, { namespace, networkPolicy: {}, before: undefined }, first.model);
  const judged = { ...scene, rules: members.flatMap((member) => member.rules) };
  const searching = { ...judged, meter: createMeter() };
  const additions = new Map<PolicyHead, Addition[]>();
  const notes = new Set<string>();
  for (const rule of applied) {
    const trials: readonly Summation[] = rule.sums?.(searching) ?? [];
    for (const [index, sum] of (rule.sums?.(judged) ?? []).entries()) {
      const result = judgeSumOfAll(members, sum, trials[index] ?? sum, searching.meter);
      if (!result.isExact) notes.add(notExact);
      for (const { policy, violation } of result.violations) {
        const own = additions.get(policy) ?? [];
        own.push({ rule, violation });
        additions.set(policy, own);
      }
    }
  }
  return {
    of: ({ rules: [some] }) => (some && additions.get(some.policy)) ?? [],
    notes: [...notes],
    isTooComplex: judged.meter.exhausted(),
  };
}
