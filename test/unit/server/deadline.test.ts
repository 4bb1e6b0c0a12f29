import { describe, expect, test } from "vitest";
import { parseTimeout } from "../../../src/server/deadline.ts";

describe("the timeout of a review", () => {
  test.each([
    ["10s", 10_000],
    ["1s", 1_000],
    ["1.5s", 1_500],
    ["900ms", 900],
    ["30s", 30_000],
  ])("%s is read", (text, milliseconds) => {
    expect(parseTimeout(text)).toBe(milliseconds);
  });

  test("longer than an API server ever waits is cut", () => {
    expect(parseTimeout("2m")).toBe(30_000);
    expect(parseTimeout("999999s")).toBe(30_000);
  });

  test.each([undefined, "", "0s", "-1s", "10", "ten", "1h", "9e9s", ["1s", "2s"], "1s\n"])(
    "%j makes no sense and counts as the API's default",
    (value) => {
      expect(parseTimeout(value)).toBe(10_000);
    },
  );
});
