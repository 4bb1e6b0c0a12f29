import { anything, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { validateNetworkPolicy } from "../../../../src/netpol/validity/validate.ts";

describe("any value", () => {
  test("gets an answer", () => {
    const values = anything({ withBigInt: true, withDate: true, withNullPrototype: true });
    assert(
      property(values, constantFrom(34, 35, 36, 37), (value, minor) => {
        for (const object of [
          value,
          { spec: value },
          { metadata: value, spec: { egress: value } },
        ]) {
          expect(Array.isArray(validateNetworkPolicy(object, minor))).toBe(true);
        }
      }),
    );
  });
});
