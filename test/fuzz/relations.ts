import { type Case, createCase } from "./policies.ts";
import { narrowOften } from "./narrow.ts";
import { type JudgedLevel, judgedLevels } from "./engine.ts";
import { createRandom } from "./random.ts";
import { splitBlocks, splitRules } from "./regroup.ts";
import { respell } from "./respell.ts";

/** The rule ids of all findings, or "unjudged". */
export type Judge = (one: Case, level: JudgedLevel) => readonly string[];

export type Broken = {
  readonly relation: string;
  readonly level: JudgedLevel;
  readonly before: Case;
  readonly after: Case;
  readonly rules: { readonly before: readonly string[]; readonly after: readonly string[] };
};

/** How many relations were looked at, both levels counted as one, and those that do not hold. */
export type Checked = { readonly count: number; readonly broken: readonly Broken[] };

/** What `all` has and `some` has not. */
export function lacking(all: readonly string[], some: readonly string[]): readonly string[] {
  return all.filter((rule) => !some.includes(rule));
}

function checkLevels(one: Case, judge: Judge): readonly Broken[] {
  const rules = { before: judge(one, "baseline"), after: judge(one, "restricted") };
  if (lacking(rules.before, rules.after).length === 0) return [];
  const relation = "a stricter level has every finding of the looser one";
  return [{ relation, level: "restricted", before: one, after: one, rules }];
}

function checkNarrowing(one: Case, judge: Judge, seed: number, index: number): Checked {
  const broken: Broken[] = [];
  let count = 0;
  let before = one;
  for (const { networkPolicy, what } of narrowOften(
    createRandom(seed + 1, index),
    one.networkPolicy,
  )) {
    const after = { ...before, networkPolicy };
    count += 1;
    for (const level of judgedLevels) {
      const rules = { before: judge(before, level), after: judge(after, level) };
      // Two pod peers may become the same peer, whose ports are then counted together.
      const added = lacking(rules.after, rules.before).filter(
        (rule) => !(what === "requirement" && rule === "require-ports"),
      );
      if (added.length === 0 || rules.before.length > 0) continue;
      const relation = `one ${what} less never turns allow into deny`;
      broken.push({ relation, level, before, after, rules });
    }
    before = after;
  }
  return { count, broken };
}

/** Broken where one level finds other rules in the two cases; `except` these rules. */
export function checkSame(
  relation: string,
  before: Case,
  after: Case,
  level: JudgedLevel,
  judge: Judge,
  except: readonly string[] = [],
): readonly Broken[] {
  const isMeant = (rule: string) => !except.includes(rule);
  const rules = {
    before: judge(before, level).filter(isMeant),
    after: judge(after, level).filter(isMeant),
  };
  const same =
    lacking(rules.before, rules.after).length === 0 &&
    lacking(rules.after, rules.before).length === 0;
  return same ? [] : [{ relation, level, before, after, rules }];
}

function checkSpelling(one: Case, judge: Judge, seed: number, index: number): Checked {
  const respelled = respell(createRandom(seed + 2, index), one.networkPolicy);
  const other = { ...one, networkPolicy: respelled };
  const split = { ...one, networkPolicy: splitRules(one.networkPolicy) };
  const same = judgedLevels.flatMap((level) =>
    checkSame("order and spelling change nothing", one, other, level, judge).concat(
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
  const halved = { ...unclustered, networkPolicy: splitBlocks(one.networkPolicy) };
  const named = ["no-metadata-endpoint"];
  const halves = checkSame(relation, unclustered, halved, "restricted", judge, named);
  return { count: 3, broken: same.concat(halves) };
}

/** Relations between verdicts that must hold for every judge of one networkPolicy. */
export function checkRelations(judge: Judge, seed: number, index: number): Checked {
  const one = createCase(createRandom(seed, index));
  const narrowing = checkNarrowing(one, judge, seed, index);
  const spelling = checkSpelling(one, judge, seed, index);
  return {
    count: 1 + narrowing.count + spelling.count,
    broken: checkLevels(one, judge).concat(narrowing.broken, spelling.broken),
  };
}
