import { stringify } from "yaml";
import type { Evaluation } from "../../src/engine/finding.ts";
import { judge } from "../oracle/judge.ts";
import { judgeUpdate } from "../oracle/update.ts";
import { judgeSums } from "../oracle/union.ts";
import { judgeShared } from "../oracle/namespace.ts";
import {
  evaluateCase,
  evaluateReplacement,
  evaluateTogether,
  judgedLevels,
  type JudgedLevel,
} from "./engine.ts";
import type { Case } from "./policies.ts";
import { shrink } from "./shrink.ts";
import { allOf } from "./together.ts";
import { createTrial, disagreementsOf, type Mode, type Trial } from "./trial.ts";

export type Disagreement = {
  readonly seed: number;
  readonly index: number;
  readonly level: JudgedLevel;
  readonly smallest: Trial;
  readonly lines: readonly string[];
  /** For putting alike disagreements together: the lines without their places. */
  readonly kind: string;
};

export type Summary = {
  readonly cases: number;
  readonly disagreements: readonly Disagreement[];
};

export type Run = {
  readonly seed: number;
  readonly cases: number;
  readonly from?: number;
  /** Stops looking after so many disagreements. */
  readonly most?: number;
  readonly only?: Mode;
};

function kindOf(mode: Mode, level: JudgedLevel, lines: readonly string[]): string {
  const plain = lines.map((line) => line.replace(/ at .*$/, ""));
  return `${mode}, ${level}: ${[...new Set(plain)].toSorted().join("; ")}`;
}

function shrinkDisagreement(trial: Trial, level: JudgedLevel, kind: string): Trial {
  return shrink(
    trial,
    (smaller) => kindOf(trial.mode, level, disagreementsOf(smaller, level)) === kind,
  );
}

/** Runs cases `from` to `from + cases - 1` of a seed, each at both levels. */
export function runVerdicts({ seed, cases, from = 0, most = 20, only }: Run): Summary {
  const disagreements: Disagreement[] = [];
  for (let index = from; index < from + cases; index += 1) {
    const trial = createTrial(seed, index, only);
    for (const level of judgedLevels) {
      const lines = disagreementsOf(trial, level);
      if (lines.length === 0) continue;
      const kind = kindOf(trial.mode, level, lines);
      const smallest = shrinkDisagreement(trial, level, kind);
      disagreements.push({ seed, index, level, smallest, lines, kind });
    }
    if (disagreements.length >= most) return { cases: index - from + 1, disagreements };
  }
  return { cases, disagreements };
}

function foundBy({ unjudged, findings, notes }: Evaluation) {
  const found = findings.map(({ rule, path, witness }) => ({ rule, path, witness }));
  return { unjudged, found, notes };
}

function answersTogether(one: Case, level: JudgedLevel) {
  const all = allOf(one);
  const sums = judgeShared(all, one.namespace, level, one.parameters);
  const oracle = sums.map(({ rule, optional, shares }) => {
    const parts = shares.map(({ of, keys, width }) => [of.metadata?.name, keys, String(width)]);
    return { rule, optional, parts };
  });
  const engine = evaluateTogether(all, one, level).flatMap(({ findings }, n) =>
    findings.map(({ rule, path, witness }) => [all[n]?.metadata?.name, rule, path, witness]),
  );
  return { oracle, engine };
}

function answersTo({ mode, one, old }: Trial, level: JudgedLevel) {
  if (mode === "namespace") return answersTogether(one, level);
  const { networkPolicy, neighbours, namespace, parameters } = one;
  if (old) {
    const { must, may } = judgeUpdate(old, networkPolicy, namespace, level, parameters, neighbours);
    const oracle = { must: [...must], may: [...may] };
    return { oracle, engine: foundBy(evaluateReplacement(old, one, level)) };
  }
  const alone = judge(networkPolicy, namespace, level, parameters[level]);
  const sums = judgeSums(networkPolicy, { neighbours, namespace, level, parameters });
  const plain = ({ rule, keys, optional }: (typeof alone.expectations)[number]) => {
    return { rule, keys, optional };
  };
  const oracle = { alone: alone.expectations.map(plain), sums: sums.map(plain) };
  return { oracle, engine: foundBy(evaluateCase(one, level)) };
}

/** A disagreement as text: where to find it, the smallest case as YAML, and both answers. */
export function describeDisagreement(disagreement: Disagreement): string {
  const { seed, index, level, smallest } = disagreement;
  const { networkPolicy, neighbours, parameters } = smallest.one;
  const { oracle, engine } = answersTo(smallest, level);
  const { old, change } = smallest;
  const shown = { ...(old && { old }), networkPolicy, neighbours, parameters: parameters[level] };
  return [
    `--- seed ${seed}, case ${index}, ${smallest.mode} ${change ?? ""}, level ${level}`,
    ...disagreementsOf(smallest, level),
    stringify(shown, { aliasDuplicateObjects: false }),
    `oracle: ${JSON.stringify(oracle)}`,
    `engine: ${JSON.stringify(engine)}`,
  ].join("\n");
}
