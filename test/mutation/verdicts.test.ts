import { expect, test } from "vitest";
import { judgedLevels } from "../fuzz/engine.ts";
import { createTrial, disagreementsOf } from "../fuzz/trial.ts";

const trials = Array.from({ length: 300 }, (_, index) => index);

test.each(judgedLevels)("engine and oracle agree on drawn policies at %s", (level) => {
  for (const index of trials) {
    expect(disagreementsOf(createTrial(1, index), level), `trial ${index}`).toEqual([]);
  }
});
