import { expect, test } from "vitest";
import { both, type Verdict } from "../../../../src/netpol/exposure/verdict.ts";

test("the verdict of two sides is that of the one that lets less through", () => {
  const order: readonly Verdict[] = [
    "denied",
    "not evaluated",
    "depends on the network plugin",
    "allowed",
  ];
  for (const [at, one] of order.entries()) {
    expect(order.map((other) => both(one, other))).toEqual(
      order.map((other, index) => (index < at ? other : one)),
    );
  }
});
