import { expect, test } from "vitest";
import { isOlder } from "../../../src/kube/version.ts";

test.each([
  ["9", "10", true],
  ["10", "9", false],
  ["10", "10", false],
  ["9007199254740992", "9007199254740993", true],
  ["", "10", false],
  ["10", "", false],
  ["9-a", "10", false],
])("whether %j is older than %j: %j", (a, b, expected) => {
  expect(isOlder(a, b)).toBe(expected);
});
