import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  both,
  distinct,
  either,
  has,
  includes,
  overlap,
  sorted,
  without,
} from "../../../src/netpol/labelvalues.ts";

const values = Array.from({ length: 20 }, (_, index) => `v${index}`);
const list = fc.oneof(
  fc.array(fc.constantFrom(...values), { maxLength: 4 }),
  fc.array(fc.constantFrom(...values), { maxLength: 40 }),
  fc.shuffledSubarray(values),
);

describe("lists of label values", () => {
  it("answer as sets do, at the first question as at the twentieth", () => {
    fc.assert(
      fc.property(list, (some) => {
        const set = new Set(some);
        for (let round = 0; round < 2; round += 1) {
          for (const value of values) expect(has(some, value)).toBe(set.has(value));
        }
      }),
    );
  });

  it("are put together as sets are", () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const [setA, setB] = [new Set(a), new Set(b)];
        expect(new Set(either(a, b))).toEqual(setA.union(setB));
        expect(new Set(both(a, b))).toEqual(setA.intersection(setB));
        expect(new Set(without(a, b))).toEqual(setA.difference(setB));
        expect(includes(a, b)).toBe(setB.isSubsetOf(setA));
        expect(overlap(a, b)).toBe(!setA.isDisjointFrom(setB));
      }),
      { numRuns: 1_000 },
    );
  });

  it("give each value once", () => {
    fc.assert(
      fc.property(list, (some) => {
        expect(distinct(some)).toEqual([...new Set(some)]);
        expect(sorted(some)).toEqual([...new Set(some)].toSorted());
      }),
    );
  });
});
