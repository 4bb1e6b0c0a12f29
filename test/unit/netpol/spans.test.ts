import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  contains,
  includes,
  intersect,
  overlaps,
  size,
  type Span,
  type Spans,
  subtract,
  union,
} from "../../../src/netpol/spans.ts";

const last = 24;
const numbers = Array.from({ length: last + 1 }, (_, index) => BigInt(index));

const span: fc.Arbitrary<Span> = fc
  .tuple(fc.integer({ min: 0, max: last }), fc.integer({ min: 0, max: 6 }))
  .map(([lo, length]) => ({ lo: BigInt(lo), hi: BigInt(Math.min(last, lo + length)) }));
const loose = fc.array(span, { maxLength: 6 });

function has(spans: readonly Span[], number: bigint): boolean {
  return spans.some(({ lo, hi }) => lo <= number && number <= hi);
}

function members(spans: Spans): readonly bigint[] {
  return numbers.filter((number) => has(spans, number));
}

describe("sets of numbers", () => {
  it("unite to sorted spans that do not touch", () => {
    fc.assert(
      fc.property(loose, (spans) => {
        const united = union(spans);
        expect(members(united)).toEqual(members(spans));
        expect(united.slice(1).every(({ lo }, index) => lo > (united[index]?.hi ?? 0n) + 1n)).toBe(
          true,
        );
        expect(size(united)).toBe(BigInt(members(spans).length));
      }),
    );
  });

  it("subtract, intersect, overlap and include as number by number", () => {
    fc.assert(
      fc.property(loose, loose, (left, right) => {
        const a = union(left);
        const b = union(right);
        expect(subtract(a, b)).toEqual(
          union(
            members(a)
              .filter((n) => !has(b, n))
              .map((n) => ({ lo: n, hi: n })),
          ),
        );
        expect(members(intersect(a, b))).toEqual(members(a).filter((n) => has(b, n)));
        expect(overlaps(a, b)).toBe(members(a).some((n) => has(b, n)));
        expect(includes(a, b)).toBe(members(b).every((n) => has(a, n)));
        expect(numbers.filter((n) => contains(a, n))).toEqual(members(a));
      }),
    );
  });
});
