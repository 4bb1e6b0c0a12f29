import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundAnnotations } from "../../../src/admission/annotations.ts";
import { boundWarnings } from "../../../src/admission/warnings.ts";
import { judgeResponse } from "../../contract/judge.ts";

const counted = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`);

describe("warnings", () => {
  test("ten pass as they are", () => {
    expect(boundWarnings(counted(10))).toEqual(counted(10));
  });

  test("the eleventh and more are counted in the last one", () => {
    expect(boundWarnings(counted(30))).toEqual([...counted(9), "and 21 more"]);
  });

  test("duplicates and empty ones are left out, also those that only cleaning makes equal", () => {
    expect(boundWarnings(["a\tb", "a b", "", "\n", "c"])).toEqual(["a b", "c"]);
  });

  test("a long one is cut by characters, not in the middle of one", () => {
    expect(boundWarnings(["😀".repeat(300)])).toEqual([`${"😀".repeat(255)}…`]);
    expect(boundWarnings(["😀".repeat(256)])).toEqual(["😀".repeat(256)]);
    expect(boundWarnings(["é".repeat(257)])).toEqual([`${"é".repeat(255)}…`]);
  });

  test("whatever goes in, the API server takes what comes out", () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 600 }), fc.string());
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
        const warnings = boundWarnings(texts);
        const response = { uid: "u", allowed: true, ...(warnings.length > 0 && { warnings }) };
        expect(judgeResponse({ webhook: "validate", uid: "u" }, response)).toEqual([]);
      }),
    );
  });
});

describe("audit annotations", () => {
  test("leave out what has no value and bound what is long", () => {
    const long = "x".repeat(5_000);
    expect(
      boundAnnotations({ exempt: undefined, gate: "", "audit-violations": `a\n${long}` }),
    ).toEqual({ "audit-violations": `a ${"x".repeat(4_093)}…` });
  });
});
