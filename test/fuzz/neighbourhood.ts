import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { effectiveRules } from "../oracle/policy.ts";
import { evaluateReplacement, type JudgedLevel, judgedLevels } from "./engine.ts";
import { createNamespaceCase } from "./namespaces.ts";
import { narrowOften } from "./narrow.ts";
import type { Case } from "./policies.ts";
import { createRandom, type Random, times } from "./random.ts";
import { type Broken, type Checked, checkSame, type Judge, lacking } from "./relations.ts";
import { respell } from "./respell.ts";
import { complement } from "./selectors.ts";
import { createUpdate } from "./updates.ts";

const sumRules: readonly string[] = ["no-broad-addresses", "require-ports"];

type Relation = (one: Case, judge: Judge, level: JudgedLevel, random: Random) => readonly Broken[];

const levels: Relation = (one, judge, level) => {
  if (level === "baseline") return [];
  const rules = { before: judge(one, "baseline"), after: judge(one, "restricted") };
  if (lacking(rules.before, rules.after).length === 0) return [];
  const relation = "a stricter level has every finding of the looser one among neighbours";
  return [{ relation, level, before: one, after: one, rules }];
};

// What an update may do is less at a stricter level as well.
const levelsOfUpdate: Relation = (one, _judge, level, random) => {
  if (level === "baseline") return [];
  const { old, updated } = createUpdate(random, one);
  const at = (which: JudgedLevel) => {
    const { findings, unjudged } = evaluateReplacement(old, updated, which);
    return unjudged ? ["unjudged"] : findings.map(({ rule }) => rule);
  };
  const rules = { before: at("baseline"), after: at("restricted") };
  if (lacking(rules.before, rules.after).length === 0) return [];
  const relation = "an update has every finding of the looser level at the stricter one";
  return [{ relation, level, before: { ...one, networkPolicy: old }, after: updated, rules }];
};

function shuffled<T>(random: Random, all: readonly T[]): readonly T[] {
  const turn = random.below(all.length + 1);
  return all.slice(turn).concat(all.slice(0, turn)).toReversed();
}

const order: Relation = (one, judge, level, random) => {
  const after = { ...one, neighbours: shuffled(random, one.neighbours) };
  return checkSame("the order of neighbours changes nothing", one, after, level, judge);
};

const spelling: Relation = (one, judge, level, random) => {
  const neighbours = one.neighbours.map((neighbour) => respell(random, neighbour));
  const networkPolicy = respell(random, one.networkPolicy);
  const after = { ...one, networkPolicy, neighbours };
  return checkSame("spelling changes nothing among neighbours", one, after, level, judge);
};

const alone: Relation = (one, judge, level) => {
  const before = { ...one, neighbours: [] };
  const rules = { before: judge(before, level), after: judge(one, level) };
  const lost = lacking(rules.before, rules.after);
  const odd = lacking(rules.after, rules.before).filter((rule) => !sumRules.includes(rule));
  if (lost.length === 0 && odd.length === 0) return [];
  const relation = "neighbours excuse nothing and add nothing but sums";
  return [{ relation, level, before, after: one, rules }];
};

function subsetsOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  return times(2 ** all.length, (mask) =>
    all.filter((_, n) => Math.floor(mask / 2 ** n) % 2 === 1),
  );
}

/** True when some of the neighbours are refused by the rule without the networkPolicy. */
function isAlreadySo(one: Case, rule: string, judge: Judge, level: JudgedLevel): boolean {
  return subsetsOf(one.neighbours).some((some) =>
    some.some((networkPolicy) => {
      const neighbours = some.filter((other) => other !== networkPolicy);
      return judge({ ...one, networkPolicy, neighbours }, level).includes(rule);
    }),
  );
}

// One neighbour less may well be a refusal more: where the neighbours were refused without the
// networkPolicy, it was not blamed, and now it is. Nothing else may do that.
const removal: Relation = (one, judge, level, random) => {
  const gone = random.below(one.neighbours.length);
  const after = { ...one, neighbours: one.neighbours.toSpliced(gone, 1) };
  const rules = { before: judge(one, level), after: judge(after, level) };
  const unexplained = lacking(rules.after, rules.before).filter(
    (rule) => !sumRules.includes(rule) || !isAlreadySo(one, rule, judge, level),
  );
  if (unexplained.length === 0) return [];
  const relation = "a neighbour less refuses nothing unless neighbours were refused before";
  return [{ relation, level, before: one, after, rules }];
};

/** A subject with no pod in common with that of the networkPolicy. */
function elsewhere({ spec }: NetworkPolicy) {
  const subject = spec?.podSelector ?? {};
  const isEverything =
    Object.keys(subject.matchLabels ?? {}).length + (subject.matchExpressions ?? []).length === 0;
  if (!isEverything) return complement(subject);
  const key = "app";
  return {
    matchExpressions: [
      { key, operator: "Exists" },
      { key, operator: "DoesNotExist" },
    ],
  };
}

const disjoint: Relation = (one, judge, level, random) => {
  const other = random.pick([...one.neighbours, one.networkPolicy]);
  const podSelector = elsewhere(one.networkPolicy);
  const metadata = { ...other.metadata, name: "np-elsewhere" };
  const stranger = { ...other, metadata, spec: { ...other.spec, podSelector } };
  const after = { ...one, neighbours: [...one.neighbours, stranger] };
  return checkSame("a neighbour of other pods changes nothing", one, after, level, judge);
};

const denyAll: Relation = (one, judge, level) => {
  const { podSelector } = one.networkPolicy.spec ?? {};
  const spec = { podSelector: podSelector ?? {}, policyTypes: ["Ingress", "Egress"] };
  const { annotations: _, ...metadata } = one.networkPolicy.metadata ?? {};
  const after = { ...one, networkPolicy: { ...one.networkPolicy, metadata, spec } };
  const found = judge(after, level).filter((rule) => rule !== "unjudged");
  if (found.length === 0) return [];
  const relation = "a deny-all is never refused";
  return [{ relation, level, before: one, after, rules: { before: [], after: found } }];
};

const narrowing: Relation = (one, _judge, level, random) => {
  const done = narrowOften(random, one.networkPolicy).at(-1);
  if (!done) return [];
  const after = { ...one, networkPolicy: done.networkPolicy };
  const { findings: all } = evaluateReplacement(one.networkPolicy, after, level);
  // A new except may be spelled in a new, bad way: only what lets traffic through counts.
  const findings = all.filter(({ witness }) => witness !== undefined);
  if (findings.length === 0) return [];
  const relation = "an update that narrows always passes";
  const rules = { before: [], after: findings.map(({ rule }) => rule) };
  return [{ relation, level, before: one, after, rules }];
};

/** The networkPolicy with nothing but its effective rules, for both directions. */
function plain(networkPolicy: NetworkPolicy, podSelector: object): NetworkPolicy {
  const keys = new Set(effectiveRules(networkPolicy).map(({ key }) => key));
  const { ingress, egress } = networkPolicy.spec ?? {};
  return {
    ...networkPolicy,
    spec: {
      podSelector,
      policyTypes: ["Ingress", "Egress"],
      ingress: (ingress ?? []).filter((_, index) => keys.has(`ingress[${index}]`)),
      egress: (egress ?? []).filter((_, index) => keys.has(`egress[${index}]`)),
    },
  };
}

// Two networkPolicies of the same pods are one networkPolicy with the rules of both.
const merging: Relation = (one, judge, level) => {
  const [first] = one.neighbours;
  if (!first || judge(one, level).includes("unjudged")) return [];
  const podSelector = one.networkPolicy.spec?.podSelector ?? {};
  const neighbour = plain(first, podSelector);
  const networkPolicy = plain(one.networkPolicy, podSelector);
  const before = { ...one, networkPolicy, neighbours: [neighbour] };
  const spec = {
    ...networkPolicy.spec,
    ingress: [...(networkPolicy.spec?.ingress ?? []), ...(neighbour.spec?.ingress ?? [])],
    egress: [...(networkPolicy.spec?.egress ?? []), ...(neighbour.spec?.egress ?? [])],
  };
  const after = { ...one, networkPolicy: { ...networkPolicy, spec }, neighbours: [] };
  const others = judge({ ...before, networkPolicy: neighbour, neighbours: [] }, level);
  if (others.includes("unjudged")) return [];
  const relation = "two networkPolicies of the same pods are one with the rules of both";
  const rules = { before: judge(before, level), after: judge(after, level) };
  const isMeant = (rule: string) => sumRules.includes(rule) && !others.includes(rule);
  const same = sumRules
    .filter(isMeant)
    .every((rule) => rules.before.includes(rule) === rules.after.includes(rule));
  return same ? [] : [{ relation, level, before, after, rules }];
};

const relations: readonly Relation[] = [
  levels,
  levelsOfUpdate,
  order,
  spelling,
  alone,
  removal,
  disjoint,
  denyAll,
  narrowing,
  merging,
];

/** Relations between verdicts that must hold for every judge of a networkPolicy with neighbours. */
export function checkNeighbourhood(judge: Judge, seed: number, index: number): Checked {
  const one = createNamespaceCase(createRandom(seed, index));
  const broken = relations.flatMap((relation, place) =>
    judgedLevels.flatMap((level) =>
      // Both levels see the same changes.
      relation(one, judge, level, createRandom(seed + 1 + place, index)),
    ),
  );
  return { count: relations.length, broken };
}
