import { describe, expect, it } from "vitest";
import { createMeter } from "../../../src/netpol/meter.ts";
import { nearest } from "../../../src/warnings/nearest.ts";

describe("the nearest word", () => {
  it.each([
    ["paymets", ["shop", "payments"], "payments"],
    ["paymnets", ["payments"], "payments"],
    ["web", ["api", "wep"], "wep"],
    ["frontend", ["backend", "frontends", "fronted"], "fronted"],
    ["db", ["dc", "d"], undefined],
    ["web", ["web"], undefined],
    ["storefront", ["payments"], undefined],
  ])("to %s among %j is %s", (word, known, expected) => {
    expect(nearest(word, known, createMeter())).toBe(expected);
  });

  it("is the best of those for which the meter lasts", () => {
    expect(nearest("payments", ["paymentx", "payment"], createMeter(9))).toBe("paymentx");
  });
});
