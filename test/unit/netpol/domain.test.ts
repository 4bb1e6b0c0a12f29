import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allows,
  allowsAll,
  type Domain,
  intersect,
  intersectAll,
  isAnything,
  isEmpty,
  negate,
  overlaps,
  pick,
} from "../../../src/netpol/domain.ts";

const mentioned = Array.from({ length: 24 }, (_, index) => `v${index}`);
/** Everything that tells domains apart: absence, each value, and one that none mentions. */
const universe = [undefined, ...mentioned, "unmentioned"];

/** Short lists and long ones, some with a value more than once. */
const domain: fc.Arbitrary<Domain> = fc.record({
  absent: fc.boolean(),
  complement: fc.boolean(),
  values: fc.oneof(
    fc.array(fc.constantFrom(...mentioned), { maxLength: 3 }),
    fc.shuffledSubarray(mentioned),
    fc.array(fc.constantFrom(...mentioned), { minLength: 9, maxLength: 40 }),
  ),
});

/** What it allows, told from its fields; several times, for it may answer otherwise later on. */
function allowedBy({ absent, complement, values }: Domain): readonly boolean[] {
  return universe.map((value) =>
    value === undefined ? absent : values.includes(value) !== complement,
  );
}

describe("what a label may be", () => {
  it("is told of each value, however often it is asked", () => {
    fc.assert(
      fc.property(domain, (one) => {
        const expected = allowedBy(one);
        expect(universe.map((value) => allows(one, value))).toEqual(expected);
        expect(universe.map((value) => allows(one, value))).toEqual(expected);
      }),
    );
  });

  it("is intersected, negated and compared value by value", () => {
    fc.assert(
      fc.property(domain, domain, (a, b) => {
        const [ofA, ofB] = [allowedBy(a), allowedBy(b)];
        const ofBoth = ofA.map((isAllowed, index) => isAllowed && ofB[index]);
        expect(overlaps(a, b)).toBe(ofBoth.includes(true));
        expect(allowsAll(b, a)).toBe(ofA.every((isAllowed, index) => !isAllowed || ofB[index]));
        expect(allowedBy(intersect(a, b))).toEqual(ofBoth);
        expect(allowedBy(negate(a))).toEqual(ofA.map((isAllowed) => !isAllowed));
        expect(isEmpty(intersect(a, b))).toBe(!ofBoth.includes(true));
        expect(isAnything(a)).toBe(!ofA.includes(false));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same put together at once as one after the other", () => {
    fc.assert(
      fc.property(fc.array(domain, { maxLength: 5 }), (all) => {
        const expected = universe.map((_, index) => all.every((one) => allowedBy(one)[index]));
        expect(allowedBy(intersectAll(all))).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is picked from", () => {
    fc.assert(
      fc.property(domain, (one) => {
        fc.pre(!isEmpty(one));
        expect(allows(one, pick(one))).toBe(true);
        expect(allows(one, pick(one, "v0"))).toBe(true);
      }),
    );
  });
});
