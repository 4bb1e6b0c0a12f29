import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { evaluateUpdate } from "../../src/engine/ratchet.ts";
import { judgeUpdate } from "../oracle/update.ts";
import { judgedRules } from "./compare.ts";
import { narrowOften } from "./narrow.ts";
import { type Case, createCase, networkPolicy } from "./policies.ts";
import { createRandom, type Random } from "./random.ts";
import { respell } from "./respell.ts";

type JudgedLevel = "baseline" | "restricted";

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

/** An old networkPolicy and what becomes of it. */
export function createUpdate(random: Random): Update {
  const one = createCase(random);
  const to = (kind: string, old: NetworkPolicy, next: NetworkPolicy) => {
    return { kind, old, updated: { ...one, networkPolicy: next } };
  };
  const start = one.networkPolicy;
  const less = narrowOften(random, start).at(-1)?.networkPolicy ?? start;
  switch (random.below(8)) {
    case 0: {
      const metadata = { ...start.metadata, labels: { changed: "yes" } };
      return to("untouched", start, { ...start, metadata });
    }
    case 1:
      return to("narrower", start, less);
    case 2:
      return to("respelled", start, respell(random, start));
    case 3:
      return to("another", networkPolicy(random), start);
    case 4:
      return to("more rules", start, join(start, networkPolicy(random)));
    case 5:
      return to("fewer rules", join(start, networkPolicy(random)), start);
    default:
      return to("wider", less, start);
  }
}

export type UpdateDisagreement = {
  readonly index: number;
  readonly level: JudgedLevel;
  readonly update: Update;
  readonly lines: readonly string[];
};

/** What engine and oracle say differently about one update. */
export function updateDifferences(
  { kind, old, updated }: Update,
  level: JudgedLevel,
): readonly string[] {
  const { networkPolicy: next, namespace, parameters } = updated;
  const { must, may } = judgeUpdate(old, next, namespace, level, parameters[level]);
  const mayHere = (rule: string) => may.has(rule) && (!narrowing.has(kind) || textRules.has(rule));
  const how = { namespace, level, version: "v1" } as const;
  const evaluation = evaluateUpdate(parameters, old, next, how);
  const refused = new Set(evaluation.findings.map(({ rule }) => rule));
  const missing = judgedRules.filter((rule) => must.has(rule) && !refused.has(rule));
  const unexpected = judgedRules.filter((rule) => refused.has(rule) && !mayHere(rule));
  return [
    ...missing.map((rule) => `missing: ${rule}`),
    ...unexpected.map((rule) => `unexpected: ${rule}`),
  ];
}

/** Runs updates `0` to `cases - 1` of a seed; stops looking after `most` disagreements. */
export function runUpdates(seed: number, cases: number, most = 20): readonly UpdateDisagreement[] {
  const found: UpdateDisagreement[] = [];
  for (let index = 0; index < cases && found.length < most; index += 1) {
    const update = createUpdate(createRandom(seed, index));
    for (const level of ["baseline", "restricted"] as const) {
      const lines = updateDifferences(update, level);
      if (lines.length > 0) found.push({ index, level, update, lines });
    }
  }
  return found;
}
