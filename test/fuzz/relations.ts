import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { type Case, createCase } from "./policies.ts";
import { narrowOften } from "./narrow.ts";
import { createRandom } from "./random.ts";
import { splitBlocks, splitRules } from "./regroup.ts";
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

function checkSame(
  relation: string,
  one: Case,
  after: NetworkPolicy,
  level: Level,
  judge: Judge,
  except: readonly string[] = [],
): readonly Broken[] {
  const count = (rule: string) => !except.includes(rule);
  const before = judge(one, level).filter(count);
  const rules = { before, after: judge({ ...one, networkPolicy: after }, level).filter(count) };
  const same =
    lacking(rules.before, rules.after).length === 0 &&
    lacking(rules.after, rules.before).length === 0;
  return same ? [] : [{ relation, level, before: one, after, rules }];
}

function checkSpelling(one: Case, judge: Judge, seed: number, index: number): readonly Broken[] {
  const respelled = respell(createRandom(seed + 2, index), one.networkPolicy);
  const split = splitRules(one.networkPolicy);
  const same = (["baseline", "restricted"] as const).flatMap((level) =>
    checkSame("order and spelling change nothing", one, respelled, level, judge).concat(
      checkSame("a rule for each peer changes nothing", one, split, level, judge),
    ),
  );
  // Cluster ranges are judged block by block, and some endpoints only where a narrow block names
  // them. Baseline leaves internet blocks out one by one: there a half may be left out alone.
  const parameters = {
    baseline: { ...one.parameters.baseline, clusterCIDRs: [] },
    restricted: { ...one.parameters.restricted, clusterCIDRs: [] },
  };
  const unclustered = { ...one, parameters };
  const relation = "two halves are the whole";
  const halved = splitBlocks(one.networkPolicy);
  const named = ["no-metadata-endpoint"];
  return same.concat(checkSame(relation, unclustered, halved, "restricted", judge, named));
}

/** Relations between verdicts that must hold for every judge; what is returned is broken. */
export function checkRelations(judge: Judge, seed: number, index: number): readonly Broken[] {
  const one = createCase(createRandom(seed, index));
  return checkLevels(one, judge).concat(
    checkNarrowing(one, judge, seed, index),
    checkSpelling(one, judge, seed, index),
  );
}
