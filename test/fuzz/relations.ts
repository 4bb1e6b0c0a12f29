import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { type Case, createCase } from "./policies.ts";
import { narrowOften } from "./narrow.ts";
import { createRandom } from "./random.ts";
import { respell } from "./respell.ts";

export type Level = "baseline" | "restricted";
/** The rule ids of all findings, or "unjudged". */
export type Judge = (one: Case, level: Level) => readonly string[];

export type Broken = {
  readonly relation: string;
  readonly level: Level;
  readonly before: Case;
  readonly after: NetworkPolicy;
  readonly rules: { readonly before: readonly string[]; readonly after: readonly string[] };
};

function lacking(all: readonly string[], some: readonly string[]): readonly string[] {
  return all.filter((rule) => !some.includes(rule));
}

function checkLevels(one: Case, judge: Judge): readonly Broken[] {
  const rules = { before: judge(one, "baseline"), after: judge(one, "restricted") };
  if (lacking(rules.before, rules.after).length === 0) return [];
  const relation = "a stricter level has every finding of the looser one";
  return [{ relation, level: "restricted", before: one, after: one.networkPolicy, rules }];
}

function checkNarrowing(one: Case, judge: Judge, seed: number, index: number): readonly Broken[] {
  const broken: Broken[] = [];
  let before = one;
  for (const { networkPolicy, what } of narrowOften(
    createRandom(seed + 1, index),
    one.networkPolicy,
  )) {
    const after = { ...before, networkPolicy };
    for (const level of ["baseline", "restricted"] as const) {
      const rules = { before: judge(before, level), after: judge(after, level) };
      // Two pod peers may become the same peer, whose ports are then counted together.
      const added = lacking(rules.after, rules.before).filter(
        (rule) => !(what === "requirement" && rule === "require-ports"),
      );
      if (added.length === 0 || rules.before.length > 0) continue;
      const relation = `one ${what} less never turns allow into deny`;
      broken.push({ relation, level, before, after: networkPolicy, rules });
    }
    before = after;
  }
  return broken;
}

function checkSpelling(one: Case, judge: Judge, seed: number, index: number): readonly Broken[] {
  const networkPolicy = respell(createRandom(seed + 2, index), one.networkPolicy);
  return (["baseline", "restricted"] as const).flatMap((level) => {
    const rules = { before: judge(one, level), after: judge({ ...one, networkPolicy }, level) };
    const same =
      lacking(rules.before, rules.after).length === 0 &&
      lacking(rules.after, rules.before).length === 0;
    if (same) return [];
    const relation = "order and spelling change nothing";
    return [{ relation, level, before: one, after: networkPolicy, rules }];
  });
}

/** Relations between verdicts that must hold for every judge; what is returned is broken. */
export function checkRelations(judge: Judge, seed: number, index: number): readonly Broken[] {
  const one = createCase(createRandom(seed, index));
  return checkLevels(one, judge).concat(
    checkNarrowing(one, judge, seed, index),
    checkSpelling(one, judge, seed, index),
  );
}
