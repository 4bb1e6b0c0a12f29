import { stringify } from "yaml";
import type { Evaluation } from "../../src/engine/finding.ts";
import { createEvaluator } from "../../src/engine/evaluator.ts";
import { judge } from "../oracle/judge.ts";
import { differences } from "./compare.ts";
import { type Case, createCase } from "./policies.ts";
import { createRandom } from "./random.ts";
import { shrink } from "./shrink.ts";

export const judgedLevels = ["baseline", "restricted"] as const;
export type JudgedLevel = (typeof judgedLevels)[number];

export type Disagreement = {
  readonly seed: number;
  readonly index: number;
  readonly level: JudgedLevel;
  readonly smallest: Case;
  readonly lines: readonly string[];
  /** For putting alike disagreements together: the lines without their places. */
  readonly kind: string;
};

export type Summary = {
  readonly cases: number;
  readonly allowed: { readonly [level in JudgedLevel]: number };
  readonly disagreements: readonly Disagreement[];
};

/** The engine's answer about a case. */
export function evaluateCase(one: Case, level: JudgedLevel): Evaluation {
  const evaluate = createEvaluator(one.parameters);
  return evaluate(one.networkPolicy, { namespace: one.namespace, level, version: "v1" });
}

/** What engine and oracle say differently about one case. */
export function disagreementsOf(one: Case, level: JudgedLevel): readonly string[] {
  const answer = judge(one.networkPolicy, one.namespace, level, one.parameters[level]);
  return differences(answer, evaluateCase(one, level), one.parameters[level]);
}

function kindOf(level: JudgedLevel, lines: readonly string[]): string {
  const plain = lines.map((line) => line.replace(/ at .*$/, ""));
  return `${level}: ${[...new Set(plain)].toSorted().join("; ")}`;
}

function shrinkDisagreement(one: Case, level: JudgedLevel, lines: readonly string[]): Case {
  const kind = kindOf(level, lines);
  return shrink(one, (smaller) => kindOf(level, disagreementsOf(smaller, level)) === kind);
}

/** Runs cases `from` to `from + cases - 1` of a seed; stops looking after `most` disagreements. */
export function runVerdicts(seed: number, cases: number, from = 0, most = 20): Summary {
  const disagreements: Disagreement[] = [];
  const allowed = { baseline: 0, restricted: 0 };
  for (let index = from; index < from + cases; index += 1) {
    const one = createCase(createRandom(seed, index));
    for (const level of judgedLevels) {
      const answer = judge(one.networkPolicy, one.namespace, level, one.parameters[level]);
      const evaluation = evaluateCase(one, level);
      if (!evaluation.unjudged && evaluation.findings.length === 0) allowed[level] += 1;
      const lines = differences(answer, evaluation, one.parameters[level]);
      if (lines.length === 0) continue;
      const kind = kindOf(level, lines);
      const smallest = shrinkDisagreement(one, level, lines);
      disagreements.push({ seed, index, level, smallest, lines, kind });
      if (disagreements.length >= most) return { cases: index - from + 1, allowed, disagreements };
    }
  }
  return { cases, allowed, disagreements };
}

/** A disagreement as text: where to find it, the smallest case as YAML, and both answers. */
export function describeDisagreement({ seed, index, level, smallest }: Disagreement): string {
  const { networkPolicy, namespace, parameters } = smallest;
  const answer = judge(networkPolicy, namespace, level, parameters[level]);
  const evaluation = evaluateCase(smallest, level);
  const expected = answer.unjudged
    ? "unjudged"
    : answer.expectations.map(({ rule, keys, optional }) => ({ rule, keys, optional }));
  const found = evaluation.findings.map(({ rule, path, witness }) => ({ rule, path, witness }));
  return [
    `--- seed ${seed}, case ${index}, level ${level}`,
    ...disagreementsOf(smallest, level),
    stringify({ networkPolicy, parameters: parameters[level] }, { aliasDuplicateObjects: false }),
    `oracle: ${JSON.stringify(expected)}`,
    `engine: ${JSON.stringify({ unjudged: evaluation.unjudged, found, notes: evaluation.notes })}`,
  ].join("\n");
}
