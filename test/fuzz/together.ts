import { isDeepStrictEqual } from "node:util";
import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Evaluation, Finding } from "../../src/engine/finding.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import { judge } from "../oracle/judge.ts";
import { judgeShared } from "../oracle/namespace.ts";
import type { Share, SharedSum } from "../oracle/shared.ts";
import { differences, directionOf, judgedRules } from "./compare.ts";
import { evaluateTogether, type JudgedLevel } from "./engine.ts";
import { keyOf } from "./place.ts";
import type { Case } from "./policies.ts";

/** All networkPolicies of a case, the first one like any other. */
export function allOf({ networkPolicy, neighbours }: Case): readonly NetworkPolicy[] {
  return [networkPolicy, ...neighbours];
}

function nameOf({ metadata }: NetworkPolicy): string {
  return metadata?.name ?? "";
}

/** Who carries a sum: the widest, and of equally wide ones the first by name. */
function carrierOf({ shares }: SharedSum): Share | undefined {
  const widest = shares.reduce((most, { width }) => (width > most ? width : most), 0n);
  const [first] = shares
    .filter(({ width }) => width === widest)
    .toSorted((a, b) => (nameOf(a.of) < nameOf(b.of) ? -1 : 1));
  return first;
}

function isAt({ rule, keys }: Share, finding: Finding): boolean {
  return finding.rule === rule && keys.includes(keyOf(finding));
}

function missingSums(
  sums: readonly SharedSum[],
  findingsOf: (one: NetworkPolicy) => readonly Finding[],
): readonly string[] {
  const isCarried = (sum: SharedSum) => {
    const carrier = carrierOf(sum);
    if (!carrier) return false;
    // Where its carrier is refused for the same by itself, one finding says both.
    return findingsOf(carrier.of).some(
      (one) => one.rule === sum.rule && directionOf(one.path) === sum.direction,
    );
  };
  // The same sum on several sorts of pods is told for one of them, and who is named with others
  // need not be told again what it does with fewer of them.
  const isTold = (sum: SharedSum) =>
    sums.some(
      (other) =>
        other.rule === sum.rule &&
        other.direction === sum.direction &&
        (other.what === sum.what ||
          sum.shares.every(({ of }) => other.shares.some((share) => share.of === of))) &&
        isCarried(other),
    );
  return sums
    .filter((sum) => !sum.optional && sum.shares.length > 0 && !isTold(sum))
    .map((sum) => `missing: ${sum.rule} together at ${nameOf(carrierOf(sum)?.of ?? {})}`);
}

function differencesOfOne(
  one: NetworkPolicy,
  evaluation: Evaluation,
  sums: readonly SharedSum[],
  at: { readonly namespace: string; readonly level: JudgedLevel; readonly parameters: Parameters },
): readonly string[] {
  const answer = judge(one, at.namespace, at.level, at.parameters);
  const shares = sums.flatMap((sum) => sum.shares.filter(({ of }) => of === one));
  // Which of the sums it has to carry is looked at below.
  const may = shares.map(({ rule, keys, reaches }) => {
    return { rule, keys, optional: true, reaches, touches: [] };
  });
  const plain = differences(answer, may, evaluation, at.parameters);
  const carried = sums.map(carrierOf).filter((share) => share?.of === one);
  const tooOften = evaluation.findings
    .filter(({ rule }) => judgedRules.includes(rule))
    .filter((finding) => {
      const isOwn = answer.expectations.some(
        ({ rule, keys }) => rule === finding.rule && keys.includes(keyOf(finding)),
      );
      const isShare = shares.some((share) => isAt(share, finding));
      return !isOwn && isShare && !carried.some((share) => share && isAt(share, finding));
    })
    .map(({ rule, path }) => `carried by another: ${rule} at ${path} of ${nameOf(one)}`);
  return plain.concat(tooOften);
}

/** What engine and oracle say differently about all networkPolicies of a namespace. */
export function togetherDifferences(one: Case, level: JudgedLevel): readonly string[] {
  const all = allOf(one);
  // Names tell who carries a sum; a namespace has each of them once.
  if (new Set(all.map(nameOf)).size < all.length || all.some((it) => nameOf(it) === "")) return [];
  const evaluations = evaluateTogether(all, one, level);
  const sums = judgeShared(all, one.namespace, level, one.parameters);
  const { namespace } = one;
  const at = { namespace, level, parameters: one.parameters[level] };
  const none: Evaluation = { findings: [], notes: [] };
  const of = (it: NetworkPolicy) => evaluations[all.indexOf(it)] ?? none;
  const turned = evaluateTogether(all.toReversed(), one, level).toReversed();
  const moved = all
    .filter((_, n) => !isDeepStrictEqual(turned[n], evaluations[n]))
    .map((it) => `another order, another answer at ${nameOf(it)}`);
  const missing = missingSums(sums, (it) => of(it).findings);
  return all.flatMap((it) => differencesOfOne(it, of(it), sums, at)).concat(missing, moved);
}
