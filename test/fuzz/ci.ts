import { expect, test } from "vitest";
import { describeDisagreement, runVerdicts } from "./run.ts";
import { modeShare, type Mode } from "./trial.ts";

/** All verdicts that CI judges; the modes share them as in a long run. */
export const ciCases = Number(process.env["RINGFENCE_FUZZ_CASES"] ?? 100_000);

const today = Math.floor(Date.now() / 86_400_000);
/** A fixed seed finds what broke; one that moves with the day finds what nobody looked at yet. */
export const ciSeeds = [1, today];
export const ciTimeout = 600_000;

/** Declares the tests of one mode's share of the cases. */
export function testVerdicts(mode: Mode, title: string): void {
  test.each(ciSeeds)(
    `${title} (seed %i)`,
    (seed) => {
      const cases = Math.ceil((ciCases * modeShare[mode]) / 100 / ciSeeds.length);
      const done = runVerdicts({ seed, cases, most: 3, only: mode });
      expect(done.disagreements.map(describeDisagreement).join("\n")).toBe("");
      expect(done.cases).toBe(cases);
    },
    ciTimeout,
  );
}
