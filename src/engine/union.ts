import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { createMeter, type Meter } from "../netpol/meter.ts";
import type { Model } from "../netpol/model.ts";
import { meets } from "../netpol/selector.ts";
import type { Judged, Rule } from "../rules/rule.ts";
import type { Standard } from "../rules/standard.ts";
import { hasPeerOutside } from "../rules/strangers.ts";
import { type Member, readMember } from "./effective.ts";
import type { Evaluation } from "./finding.ts";
import { appliedOf, judge, prepare, type Subject } from "./judge.ts";
import type { Standards } from "./registry.ts";
import { judgeSum, notExact } from "./sum.ts";
import { type Addition, unite } from "./unite.ts";

/**
 * Which part of the steps that judging alone leaves may be spent on adding up with the neighbours,
 * and on telling sets of them apart: the whole comes in time.
 */
const partOfRest = { adding: 0.6, searching: 0.3 };

/**
 * Judges one policy, first by itself, then together with the namespace's other ones: what adds up
 * to too much counts where it does not without this policy, for some pod that they select.
 */
export function judgeBeside(
  standards: Standards,
  level: Standard["level"],
  rules: readonly Rule[],
  subject: Subject,
  neighbours: readonly NetworkPolicy[] = [],
): Evaluation {
  const budget = createMeter();
  const alone = judge(standards[level], rules, subject, budget);
  if (neighbours.length === 0 || alone.unjudged !== undefined) return alone;
  const incoming = readMember(subject.networkPolicy, subject.namespace);
  if ("problem" in incoming || !incoming.rules.some(hasPeerOutside)) return alone;
  const { members, notes } = readNeighbours(subject, incoming.model, neighbours);
  const beside = members.filter(({ model }) => meets(model.subject, incoming.model.subject));
  if (beside.length === 0) return unite(alone, [], notes, rules);
  const rest = budget.left();
  const adding = createMeter(partOfRest.adding * rest);
  const searching = createMeter(partOfRest.searching * rest);
  const additions: Addition[] = [];
  for (const standard of cumulative(standards, level)) {
    const own = prepare(standard, subject, incoming.model, adding);
    const judged = { ...own, rules: [...own.rules, ...beside.flatMap((member) => member.rules)] };
    additions.push(...sumUp(judged, own, beside, searching, appliedOf(standard, rules), notes));
    if (adding.exhausted()) return tooComplex(alone, notes);
  }
  return unite(alone, additions, notes, rules);
}

/**
 * The standards that sums are held to: what neighbours have too much of by the limits of restricted
 * is no excuse for what exceeds those of baseline.
 */
export function cumulative(standards: Standards, level: Standard["level"]): readonly Standard[] {
  return level === "restricted" ? [standards.restricted, standards.baseline] : [standards.baseline];
}

/** True for a policy that has to be judged together with its namespace's other ones. */
export function addsUp(networkPolicy: NetworkPolicy, namespace: string): boolean {
  const member = readMember(networkPolicy, namespace);
  return "model" in member && member.rules.some(hasPeerOutside);
}

/** What is refused anyway is refused for what is known; otherwise nobody knows. */
export function tooComplex(alone: Evaluation, notes: readonly string[]): Evaluation {
  const message =
    "is too complex to judge together with the namespace's other policies: split it into smaller ones";
  const all = { ...alone, notes: [...alone.notes, ...notes] };
  return alone.findings.length > 0
    ? { ...all, notes: [...all.notes, `the policy ${message}`] }
    : { ...all, unjudged: { path: "spec", message } };
}

function readNeighbours(
  { namespace, networkPolicy }: Subject,
  { name }: Model,
  neighbours: readonly NetworkPolicy[],
): { readonly members: readonly Member[]; readonly notes: string[] } {
  const members: Member[] = [];
  const notes: string[] = [];
  for (const neighbour of neighbours) {
    if (neighbour === networkPolicy) continue;
    const member = readMember(neighbour, namespace);
    const other = "model" in member ? member.model.name : nameOf(neighbour);
    // The stored version of an object is no neighbour of itself.
    if (other === name && name !== "") continue;
    if ("model" in member) {
      if (member.rules.length > 0) members.push(member);
      continue;
    }
    const { path, message } = member.problem;
    notes.push(`not checked together with NetworkPolicy "${other}", whose ${path} ${message}`);
  }
  return { members, notes };
}

function nameOf(networkPolicy: NetworkPolicy): string {
  const name: unknown = networkPolicy?.metadata?.name;
  return typeof name === "string" ? name : "";
}

function sumUp(
  judged: Judged,
  own: Judged,
  beside: readonly Member[],
  meter: Meter,
  applied: readonly Rule[],
  notes: string[],
): readonly Addition[] {
  const searching = { ...judged, meter };
  const scene = { own, beside, meter };
  return applied.flatMap((rule) => {
    const trials = rule.sums?.(searching) ?? [];
    return (rule.sums?.(judged) ?? []).flatMap((sum, index) => {
      const { violations, isExact } = judgeSum(scene, sum, trials[index] ?? sum);
      if (!isExact && !notes.includes(notExact)) notes.push(notExact);
      return violations.map((violation) => ({ rule, violation }));
    });
  });
}
