import { expect, test } from "vitest";
import { describeDisagreement, evaluateCase, runVerdicts } from "../../fuzz/run.ts";
import { checkRelations } from "../../fuzz/relations.ts";
import { runUpdates } from "../../fuzz/updates.ts";

// A fixed seed finds what broke; one that moves with the day finds what nobody looked at yet.
const cases = Number(process.env["RINGFENCE_FUZZ_CASES"] ?? 20_000);
const today = Math.floor(Date.now() / 86_400_000);
const seeds = [1, today];
const timeout = 600_000;

test.each(seeds)(
  "engine and oracle agree on every verdict and finding (seed %i)",
  (seed) => {
    const { disagreements, cases: run } = runVerdicts(seed, Math.ceil(cases / seeds.length), 0, 3);
    expect(disagreements.map(describeDisagreement).join("\n")).toBe("");
    expect(run).toBe(Math.ceil(cases / seeds.length));
  },
  timeout,
);

test.each(seeds)(
  "verdicts keep their relations: stricter, narrower, respelled (seed %i)",
  (seed) => {
    for (let index = 0; index < cases / 20; index += 1) {
      const broken = checkRelations(
        (one, level) => {
          const { findings, unjudged } = evaluateCase(one, level);
          return unjudged ? ["unjudged"] : findings.map(({ rule }) => rule);
        },
        seed,
        index,
      );
      expect(broken, `case ${index}`).toEqual([]);
    }
  },
  timeout,
);

test.each(seeds)(
  "an update is refused only for traffic or a text that the old object lacked (seed %i)",
  (seed) => {
    expect(runUpdates(seed, Math.ceil(cases / 40), 1)).toEqual([]);
  },
  timeout,
);
