import { expect, test } from "vitest";
import { ApiError } from "../../../src/kube/apierror.ts";
import { backoffMs } from "../../../src/kube/backoff.ts";

const limits = { baseMs: 100, capMs: 8000 };
const failure = new Error("reset");
const throttled = new ApiError("GET /x", 429, {}, "3");

test("the wait doubles with each failure up to the cap", () => {
  const waits = [1, 2, 3, 7, 8, 1000].map((count) => backoffMs(count, failure, () => 1, limits));
  expect(waits).toEqual([100, 200, 400, 6400, 8000, 8000]);
});

test("the upper half of the wait is random", () => {
  expect(backoffMs(3, failure, () => 0, limits)).toBe(200);
  expect(backoffMs(3, failure, () => 0.5, limits)).toBe(300);
});

test("a server that asks for time gets it, plus some jitter", () => {
  expect(backoffMs(1, throttled, () => 0, limits)).toBe(3000);
  expect(backoffMs(1, throttled, () => 0.5, limits)).toBe(3050);
});

test("asking for little does not shorten the wait, and asking for hours is not believed", () => {
  expect(backoffMs(9, throttled, () => 1, limits)).toBe(8000);
  const hours = new ApiError("GET /x", 503, {}, "86400");
  expect(backoffMs(1, hours, () => 0, limits)).toBe(300_000);
});
