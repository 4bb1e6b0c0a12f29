import { describe, expect, it } from "vitest";
import { cellsOf } from "../../../src/netpol/cells.ts";
import { absent, anything, noneOf, oneOf, present } from "../../../src/netpol/domain.ts";
import { createMeter } from "../../../src/netpol/meter.ts";

describe("the cells of a label", () => {
  it("hold what no domain can tell apart, those that most allow first", () => {
    const domains = [oneOf(["a", "b"]), oneOf(["b", "c"]), present];
    expect(cellsOf(anything, domains, createMeter())).toEqual([
      { domain: oneOf(["b"]), allowing: 3 },
      { domain: oneOf(["a"]), allowing: 2 },
      { domain: oneOf(["c"]), allowing: 2 },
      { domain: { ...noneOf(["a", "b", "c"]), absent: false }, allowing: 1 },
      { domain: absent, allowing: 0 },
    ]);
  });

  it("stay within what the label may be", () => {
    expect(cellsOf(oneOf(["a", "b"]), [oneOf(["b", "c"])], createMeter())).toEqual([
      { domain: oneOf(["b"]), allowing: 1 },
      { domain: oneOf(["a"]), allowing: 0 },
    ]);
    expect(cellsOf(anything, [], createMeter())).toEqual([{ domain: anything, allowing: 0 }]);
  });

  it("are not looked for once the meter has run out", () => {
    expect(cellsOf(anything, [present], createMeter(1))).toBeUndefined();
  });
});
