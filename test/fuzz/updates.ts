import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { judgeUpdate } from "../oracle/update.ts";
import { judgedRules } from "./compare.ts";
import { evaluateReplacement, type JudgedLevel } from "./engine.ts";
import { narrowOften } from "./narrow.ts";
import { type Case, networkPolicy } from "./policies.ts";
import type { Random } from "./random.ts";
import { respell } from "./respell.ts";
import { selector, subjectPool } from "./selectors.ts";

/** Kinds that admit no more than before, so that only a new text may be refused. */
const narrowing: ReadonlySet<string> = new Set(["narrower", "fewer rules", "respelled"]);
const textRules: ReadonlySet<string> = new Set([
  "no-ambiguous-address",
  "no-weakening-annotation",
  "require-canonical-address",
]);

export type Update = { readonly kind: string; readonly old: NetworkPolicy; readonly updated: Case };

/** The second networkPolicy with the rules of the first one added. */
function join(a: NetworkPolicy, b: NetworkPolicy): NetworkPolicy {
  const ingress = [...(a.spec?.ingress ?? []), ...(b.spec?.ingress ?? [])];
  const egress = [...(a.spec?.egress ?? []), ...(b.spec?.egress ?? [])];
  return { ...a, spec: { ...a.spec, ingress, egress } };
}

/** The networkPolicy of a case as the successor of an old one, or what becomes of it. */
export function createUpdate(random: Random, one: Case): Update {
  const to = (kind: string, old: NetworkPolicy, next: NetworkPolicy) => {
    return { kind, old, updated: { ...one, networkPolicy: next } };
  };
  const start = one.networkPolicy;
  const less = narrowOften(random, start).at(-1)?.networkPolicy ?? start;
  // What a neighbour opens is likely to add up to something.
  const other =
    random.chance(50) && one.neighbours.length > 0
      ? random.pick(one.neighbours)
      : networkPolicy(random);
  switch (random.below(9)) {
    case 0: {
      const metadata = { ...start.metadata, labels: { changed: "yes" } };
      return to("untouched", start, { ...start, metadata });
    }
    case 1:
      return to("narrower", start, less);
    case 2:
      return to("respelled", start, respell(random, start));
    case 3:
      return to("another", other, start);
    case 4:
      return to("more rules", start, join(start, other));
    case 5:
      return to("fewer rules", join(start, other), start);
    case 6: {
      const podSelector = selector(random, subjectPool, 30);
      return to("other subject", { ...start, spec: { ...start.spec, podSelector } }, start);
    }
    default:
      return to("wider", less, start);
  }
}

/** What engine and oracle say differently about one update. */
export function updateDifferences(
  { kind, old, updated }: Update,
  level: JudgedLevel,
): readonly string[] {
  const { networkPolicy: next, namespace, neighbours, parameters } = updated;
  const { must, may } = judgeUpdate(old, next, namespace, level, parameters, neighbours);
  const mayHere = (rule: string) => may.has(rule) && (!narrowing.has(kind) || textRules.has(rule));
  const evaluation = evaluateReplacement(old, updated, level);
  const refused = new Set(evaluation.findings.map(({ rule }) => rule));
  const missing = judgedRules.filter((rule) => must.has(rule) && !refused.has(rule));
  const unexpected = judgedRules.filter((rule) => refused.has(rule) && !mayHere(rule));
  return [
    ...missing.map((rule) => `missing: ${rule}`),
    ...unexpected.map((rule) => `unexpected: ${rule}`),
  ];
}
