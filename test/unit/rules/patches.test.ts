import { describe, expect, test } from "vitest";
import { rules } from "../../../src/rules/index.ts";
import { createCase } from "../../fuzz/policies.ts";
import { createRandom, times } from "../../fuzz/random.ts";
import { brokenPromises, findingsOf } from "../../support/patched.ts";

const seed = 41;
const cases = times(600, (index) => ({ index, ...createCase(createRandom(seed, index)) }));

/** Rules whose findings need to be told something that only the author knows. */
const withoutPatch: ReadonlySet<string> = new Set(["require-ports"]);

describe.each(["baseline", "restricted"] as const)("patches at %s, seed 41", (level) => {
  const patched = cases.flatMap((one) => {
    const judged = { ...one, level };
    return findingsOf(judged).flatMap((finding) =>
      finding.patch === undefined ? [] : [{ judged, finding, patch: finding.patch }],
    );
  });

  test("keep what they promise, on generated policies", () => {
    const broken = patched.flatMap(({ judged, finding, patch }) =>
      brokenPromises(judged, finding, patch).map((text) => `${judged.index}: ${text}`),
    );
    expect(broken).toEqual([]);
  });

  test("are there for every rule but those that only the author can mend", () => {
    const expected = rules
      .filter((rule) => level === "restricted" || rule.level === "baseline")
      .map(({ id }) => id)
      .filter((id) => !withoutPatch.has(id));
    const found = new Set(patched.map(({ finding }) => finding.rule));
    expect([...found].toSorted()).toEqual(expected.toSorted());
  });
});
