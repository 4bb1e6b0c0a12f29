import { globSync } from "node:fs";
import type { Evaluation } from "../../src/engine/finding.ts";
import { rules } from "../../src/rules/index.ts";
import { evaluateCase, evaluateReplacement, judgedLevels } from "../fuzz/engine.ts";
import { createTrial, disagreementsOf, type Trial } from "../fuzz/trial.ts";
import { judgeFixture, readFixture } from "../support/rulefixture.ts";

/** Which defects to judge, on how many drawn cases; `fixed` where one is active from the start. */
export type Ask = {
  readonly ids: readonly string[];
  readonly cases: number;
  /** The right answers, where a defect is active from the start. */
  readonly expected?: Expected;
};

export type Expected = readonly (readonly string[])[];

export type Answer = {
  readonly id: string;
  readonly verdict:
    | "wrong allow"
    | "other verdict"
    | "same"
    | "unreached"
    | "static"
    | "hangs"
    | "stops";
  /** Where a refusal went missing. */
  readonly where?: string;
  /** What finds it: a fixture of a rule, or the first drawn trials of `npm test`. */
  readonly caught?: "fixture" | "drawn";
};

type Stryker = {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number;
  counted?: boolean;
  mutantCoverage?: {
    static: { [id: string]: number };
    perTest: { [test: string]: { [id: string]: number } };
  };
};
// Where the mutation tester's code looks for the defect that is active.
const name = "__stryker__";
const holder: typeof globalThis & { [name]?: Stryker } = globalThis;
const stryker: Stryker = (holder[name] ??= {});

/** One thing to judge, made anew each time: the engine remembers what it has read. */
type Question = { readonly name: string; readonly ask: () => readonly string[] };

/** What refuses: rule ids, each a refusal by itself. */
function refusals({ findings, unjudged }: Evaluation): readonly string[] {
  return unjudged ? ["unjudged"] : [...new Set(findings.map(({ rule }) => rule))];
}

/** A trial with parameters of its own, so that nothing remembers them. */
function freshTrial(seed: number, index: number): Trial {
  const trial = createTrial(seed, index);
  const parameters = structuredClone(trial.one.parameters);
  return { ...trial, one: { ...trial.one, parameters } };
}

function drawn(seed: number, cases: number): readonly Question[] {
  return Array.from({ length: cases }, (_, index) => index).flatMap((index) =>
    judgedLevels.map((level) => ({
      name: `seed ${seed}, trial ${index}, ${level}`,
      ask: () => {
        const { one, old } = freshTrial(seed, index);
        return refusals(old ? evaluateReplacement(old, one, level) : evaluateCase(one, level));
      },
    })),
  );
}

function fixtures(): readonly Question[] {
  const root = new URL("../../", import.meta.url).pathname;
  return rules.flatMap((rule) =>
    globSync(`${root}src/rules/${rule.id}/fixtures/fail/*.yaml`)
      .toSorted()
      .map((file) => ({
        name: file.slice(root.length),
        ask: () => {
          const asked = fixture(file, rule);
          return refusals(judgeFixture(asked, asked.networkPolicy));
        },
      })),
  );
}

const read = new Map<string, ReturnType<typeof readFixture>>();
function fixture(file: string, rule: (typeof rules)[number]) {
  const known = read.get(file) ?? readFixture(file, rule);
  read.set(file, known);
  return structuredClone(known);
}

const limit = 500_000;

function answerTo({ ask }: Question): readonly string[] | undefined {
  stryker.hitCount = 0;
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function compare(questions: readonly Question[], expected: Expected) {
  let other = false;
  for (const [index, question] of questions.entries()) {
    const before = expected[index] ?? [];
    const after = answerTo(question);
    // A judge that throws ends in a refusal, and one that cannot judge refuses.
    if (after === undefined || after.includes("unjudged")) other ||= !before.includes("unjudged");
    else {
      const lost = before.filter((rule) => !after.includes(rule));
      if (lost.length > 0)
        return { verdict: "wrong allow", where: `${question.name}: ${lost.join(", ")}` } as const;
      other ||= after.length > before.length;
    }
  }
  return { verdict: other ? "other verdict" : "same" } as const;
}

/** Looks as `npm test` does: at the trials of seed 1, against the oracle. */
function isCaught(cases: number): boolean {
  try {
    for (let index = 0; index < cases; index += 1) {
      stryker.hitCount = 0;
      for (const level of judgedLevels) {
        if (disagreementsOf(freshTrial(1, index), level).length > 0) return true;
      }
    }
    return false;
  } catch {
    return true;
  }
}

function start({ ids, cases, expected: given }: Ask): void {
  const questions = [...fixtures(), ...drawn(7, cases)];
  stryker.hitLimit = limit;
  if (given !== undefined) {
    stryker.counted = true;
    const id = ids[0] ?? "";
    report({ id, ...compareAll(questions, given) });
    return;
  }
  stryker.activeMutant = "none";
  stryker.currentTestId = "all";
  const expected = questions.map((question) => answerTo(question) ?? []);
  stryker.currentTestId = undefined;
  stryker.counted = true;
  process.send?.({ expected });
  const atStart = stryker.mutantCoverage?.static ?? {};
  const reached = stryker.mutantCoverage?.perTest["all"] ?? {};
  for (const id of ids) {
    if (id in reached) {
      stryker.activeMutant = id;
      const answer = compareAll(questions, expected);
      stryker.activeMutant = "none";
      report({ id, ...answer });
    } else report({ id, verdict: id in atStart ? "static" : "unreached" });
  }
}

function compareAll(questions: readonly Question[], expected: Expected) {
  const answer = compare(questions, expected);
  if (answer.where?.startsWith("src/rules/")) return { ...answer, caught: "fixture" } as const;
  if (answer.verdict === "wrong allow" && isCaught(1000)) {
    return { ...answer, caught: "drawn" } as const;
  }
  return answer;
}

function report(answer: Answer): void {
  process.send?.(answer);
}

process.once("message", (ask: Ask) => {
  start(ask);
  process.disconnect();
});
