import type { Problem } from "./model.ts";

/** Said of a policy that nobody can judge in time. */
export const tooComplex: Problem = {
  path: "spec",
  message: "is too complex to judge: split the policy into smaller ones",
};

/**
 * Counts elementary steps of judging one policy. Once the limit is passed everything that judges
 * stops early and the policy is reported as too complex: a result of its own, never a verdict.
 */
export type Meter = {
  /** Spends steps; false when there are none left. */
  readonly spend: (steps: number) => boolean;
  readonly exhausted: () => boolean;
  /** Steps that may still be spent. */
  readonly left: () => number;
};

/** Steps that judging may take: half a second of work, on a slow machine more than one. */
const defaultSteps = 500_000;

export function createMeter(limit: number = defaultSteps): Meter {
  let left = limit;
  return {
    spend(steps) {
      left -= steps;
      return left >= 0;
    },
    exhausted: () => left < 0,
    left: () => Math.max(0, left),
  };
}
