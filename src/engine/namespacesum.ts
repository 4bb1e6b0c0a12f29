import { indexBefore } from "../netpol/before.ts";
import { createMeter, type Meter } from "../netpol/meter.ts";
import { type Places, subtractPlaces, unitePlaces } from "../netpol/places.ts";
import { everything, meets } from "../netpol/selector.ts";
import type { Reported, Summation } from "../rules/rule.ts";
import type { Member } from "./effective.ts";
import { type Hunt, maxChecks, searchSets, type Unit } from "./search.ts";
import { membersOf, rulesOf, unitsOf } from "./sum.ts";

type Result = { readonly violations: Reported["violations"]; readonly isExact: boolean };

/** A set of policies that was reported, and where. */
type Settled = { readonly members: ReadonlySet<Member>; readonly places: Places };

const nothingBefore = indexBefore([], createMeter());

/**
 * Findings of one sum over all policies of a namespace, where it is no finding of one of them.
 * `trial` is the same sum at the expense of `meter`.
 */
export function judgeSumOfAll(
  members: readonly Member[],
  sum: Summation,
  trial: Summation,
  meter: Meter,
): Result {
  const counting = members.filter(({ rules }) => rules.some(sum.counts));
  if (counting.length < 2 || sum.excess(rulesOf(counting)).size === 0) {
    return { violations: [], isExact: true };
  }
  const violations: Reported["violations"][number][] = [];
  const settled: Settled[] = [];
  const alone = new Map(counting.map((member) => [member, sum.excess(member.rules)] as const));
  const below = (some: readonly Member[]) =>
    unitePlaces(some.flatMap((member) => alone.get(member) ?? []));
  // A sum over fewer of the policies that were reported together is the same mistake.
  const open = (some: readonly Member[], places: Places) => {
    const known = settled.filter(({ members: all }) => some.every((member) => all.has(member)));
    return subtractPlaces(places, unitePlaces(known.map((one) => one.places)));
  };
  const settle = (some: readonly Member[], places: Places) => {
    const how = { at: places, carries: () => true, before: nothingBefore };
    violations.push(...sum.report(rulesOf(some), how).violations);
    settled.push({ members: new Set(some), places });
  };

  const hunt: Hunt<Member> = {
    above: (units) => trial.excess(rulesOf(membersOf(units))),
    below: (units) => below(membersOf(units)),
    open(units, places) {
      const some = membersOf(units);
      return meter.spend(settled.length * some.length) ? open(some, places) : places;
    },
    settle: (units, _, places) => settle(membersOf(units), places),
  };
  const units: readonly Unit<Member>[] = unitsOf(counting);
  const isExact = searchSets(units, everything, hunt, maxChecks, meter);
  if (isExact) return { violations, isExact };

  for (const member of counting) {
    const some = counting.filter(({ model }) => meets(model.subject, member.model.subject));
    const places = open(some, subtractPlaces(sum.excess(rulesOf(some)), below(some)));
    if (some.length > 1 && places.size > 0) settle(some, places);
  }
  return { violations, isExact };
}
