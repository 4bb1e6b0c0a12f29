import { expect, test } from "vitest";
import { ciCases, ciSeeds, ciTimeout } from "../../fuzz/ci.ts";
import { describeBroken, runRelations } from "../../fuzz/metamorphic.ts";

test.each(ciSeeds)(
  "verdicts keep their relations: stricter, narrower, respelled, with other neighbours (seed %i)",
  (seed) => {
    const relations = ciCases / 2 / ciSeeds.length;
    const { count, broken } = runRelations(seed, relations, 3);
    expect(broken.map(describeBroken).join("\n")).toBe("");
    expect(count).toBeGreaterThanOrEqual(relations);
  },
  ciTimeout,
);
