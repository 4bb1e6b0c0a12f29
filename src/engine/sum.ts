import { indexBefore } from "../netpol/before.ts";
import type { Meter } from "../netpol/meter.ts";
import type { PolicyRule } from "../netpol/model.ts";
import {
  intersectPlaces,
  nowhere,
  type Places,
  subtractPlaces,
  unitePlaces,
} from "../netpol/places.ts";
import { covers, normalKey, type Selector } from "../netpol/selector.ts";
import type { Judged, Summation, Violation } from "../rules/rule.ts";
import type { Member } from "./effective.ts";
import { rulesBefore } from "./judge.ts";
import { type Hunt, maxChecks, searchSets, type Unit } from "./search.ts";

/** The incoming policy and its neighbours that can select the same pod. */
export type Scene = {
  readonly own: Judged;
  readonly beside: readonly Member[];
  /** What telling sets of policies apart may cost. */
  readonly meter: Meter;
};

export const notExact =
  "too many combinations of the namespace's policies: each one that can select a pod of this policy was added up";

type Result = { readonly violations: readonly Violation[]; readonly isExact: boolean };

/**
 * Findings of one sum over the incoming policy and its neighbours. `trial` is the same sum at the
 * expense of the scene's own meter.
 */
export function judgeSum(scene: Scene, sum: Summation, trial: Summation): Result {
  const { own, beside } = scene;
  const nothing: Result = { violations: [], isExact: true };
  if (!own.rules.some(sum.counts)) return nothing;
  const isNear = sum.isNear(own.rules);
  // Once: the search adds up the same policies again and again.
  const nearOf = new Map(beside.map((member) => [member, member.rules.filter(isNear)]));
  const near = (members: readonly Member[]) =>
    members.flatMap((member) => nearOf.get(member) ?? []);
  const counting = beside.filter((member) => nearOf.get(member)?.some(sum.counts));
  if (counting.length === 0) return nothing;
  const isOwn = new Set(own.rules);
  const carries = (rule: PolicyRule) => isOwn.has(rule);
  const found: Places[] = [];
  const violations: Violation[] = [];

  const withOwn = (members: readonly Member[]) => [...own.rules, ...near(members)];
  const { subject } = own.policy;
  const report = (
    pods: Selector,
    members: readonly Member[],
    known: readonly Member[],
    at: Places,
  ): Places => {
    const before = rulesBefore(pods, own.policyBefore, sum.direction);
    const admitted = [...before, ...rulesOf(known)].filter(
      ({ direction }) => direction === sum.direction,
    );
    const how = { at, carries, before: indexBefore(admitted, own.meter) };
    const reported = sum.report(withOwn(members), how);
    violations.push(...reported.violations.map(({ violation }) => violation));
    return reported.places;
  };

  const top = subtractPlaces(sum.excess(withOwn(counting)), sum.excess(own.rules));
  if (top.size === 0) return nothing;
  // Where everything is too much and this policy has a new share in it.
  const candidates = report(subject, counting, [], top);
  violations.length = 0;
  if (candidates.size === 0) return nothing;
  const silent = beside.filter((member) => !counting.includes(member));
  const open = (places: Places) =>
    subtractPlaces(intersectPlaces(places, candidates), unitePlaces(found));
  const isEverBelow = intersectPlaces(trial.excess(near(counting)), candidates).size > 0;
  const hunt: Hunt<Member> = {
    above: (units) => trial.excess(withOwn(membersOf(units))),
    below: (units) => (isEverBelow ? trial.excess(near(membersOf(units))) : nowhere),
    open: (_, places) => open(places),
    settle(units, pods, places) {
      const members = membersOf(units);
      found.push(report(pods, members, [...members, ...coverers(pods, silent)], places));
    },
  };
  const units = [...unitsOf(counting), ...cutAt(own.policyBefore?.subject)];
  const isExact = searchSets(units, subject, hunt, maxChecks, scene.meter);
  if (isExact) return { violations, isExact };

  const certain = coverers(subject, beside);
  const left = open(subtractPlaces(candidates, sum.excess(rulesOf(certain))));
  for (const { members, places } of withoutBroad(sum, counting, left)) {
    const excess = intersectPlaces(sum.excess(withOwn(members)), places);
    if (excess.size > 0) found.push(report(subject, members, certain, excess));
  }
  return { violations, isExact };
}

/** Tells the pods that the old version selected from those that are new to it. */
function cutAt(subject: Selector | undefined): readonly Unit<Member>[] {
  return subject === undefined ? [] : [{ subject, members: [] }];
}

/** Those that select all of these pods. */
function coverers(pods: Selector, members: readonly Member[]): readonly Member[] {
  return members.filter(({ model }) => covers(model.subject, pods));
}

/**
 * Where one neighbour alone has too much, a pod that it selects is none of ours: there the others
 * are added up without it.
 */
function withoutBroad(
  sum: Summation,
  members: readonly Member[],
  places: Places,
): readonly { readonly members: readonly Member[]; readonly places: Places }[] {
  let parts = [{ members, places }];
  for (const member of members) {
    const broad = intersectPlaces(sum.excess(member.rules), places);
    if (broad.size === 0) continue;
    parts = parts.flatMap((part) => [
      { ...part, places: subtractPlaces(part.places, broad) },
      {
        members: part.members.filter((other) => other !== member),
        places: intersectPlaces(part.places, broad),
      },
    ]);
    parts = parts.filter((part) => part.places.size > 0);
  }
  return parts;
}

/** Policies with the same subject as one unit. */
export function unitsOf(members: readonly Member[]): readonly Unit<Member>[] {
  const groups = Map.groupBy(members, ({ model }) => normalKey(model.subject));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ subject: first.model.subject, members: group }];
  });
}

export function membersOf(units: readonly Unit<Member>[]): readonly Member[] {
  return units.flatMap(({ members }) => members);
}

export function rulesOf(members: readonly Member[]): readonly PolicyRule[] {
  return members.flatMap(({ rules }) => rules);
}
