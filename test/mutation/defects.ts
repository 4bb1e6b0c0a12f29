import { globSync } from "node:fs";
import type { Evaluation } from "../../src/engine/finding.ts";
import { rules } from "../../src/rules/index.ts";
import { evaluateCase, evaluateReplacement, judgedLevels } from "../fuzz/engine.ts";
import { createTrial, disagreementsOf, type Trial } from "../fuzz/trial.ts";
import { judgeFixture, readFixture } from "../support/rulefixture.ts";
import { readTests } from "./collect.ts";
import { answerAsk, type Catcher, type Question } from "./judge.ts";

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

/** Looks as `npm test` does: at the trials of seed 1, against the oracle. */
const first: readonly Catcher[] = Array.from({ length: 1000 }, (_, index) => ({
  name: `trial ${index}`,
  kind: "drawn",
  run: () => {
    for (const level of judgedLevels) {
      if (disagreementsOf(freshTrial(1, index), level).length > 0) throw new Error("disagreement");
    }
  },
}));

answerAsk(async (cases) => ({
  questions: [...fixtures(), ...drawn(7, cases)],
  catcherOf: (where) => (where.startsWith("src/rules/") ? "fixture" : undefined),
  tests: [
    ...(await readTests(
      "test/unit/{netpol/*,netpol/exposure/{exposure,tables,undecided},rules/*,engine/*}.test.ts",
    )),
    ...first,
  ],
}));
