import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isDeeperThan } from "../../../src/server/depth.ts";

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("the scan agrees with the parsed value, for any JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.nat(9), (value, limit) => {
      const bytes = Buffer.from(JSON.stringify(value));
      expect(isDeeperThan(bytes, limit)).toBe(depthOf(value) > limit);
    }),
  );
});

test("brackets in strings do not count, escaped quotes do not end them", () => {
  const value = { 'a"[[[{{{\\': '\\"{{{{[[[["' };
  expect(isDeeperThan(Buffer.from(JSON.stringify(value)), 1)).toBe(false);
});
