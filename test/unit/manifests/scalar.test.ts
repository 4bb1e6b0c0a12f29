import { expect, test } from "vitest";
import { resolvePlain, spellKey } from "../../../src/manifests/scalar.ts";

// Each as kubectl 1.37 reads it.
test.each<[string, string | number | boolean | null]>([
  ["yes", true],
  ["on", true],
  ["y", true],
  ["N", false],
  ["Off", false],
  ["yEs", "yEs"],
  ["~", null],
  ["Null", null],
  ["", null],
  ["010", 8],
  ["08", 8],
  ["0o17", 15],
  ["0x1F", 31],
  ["0b11", 3],
  ["-0b11", -3],
  ["+0x10", 16],
  ["1_000", 1000],
  ["0_1", 1],
  ["_1", "_1"],
  ["1_", 1],
  ["1e3", 1000],
  ["1.", 1],
  ["1.0", 1],
  [".5", 0.5],
  [".1_0", 0.1],
  ["._5", "._5"],
  [".", "."],
  [".1e5", 10_000],
  [".0x1", ".0x1"],
  ["-0", 0],
  ["+5", 5],
  ["0b", "0b"],
  ["0x1.8p3", "0x1.8p3"],
  ["12345678901234567890123", 1.2345678901234568e22],
  ["2020-01-01", "2020-01-01"],
  ["1:30", "1:30"],
  ["10.0.0.0/8", "10.0.0.0/8"],
  ["1.2.3", "1.2.3"],
  ["-", "-"],
  ["+", "+"],
  ["8080-8090", "8080-8090"],
  ["no-anyone", "no-anyone"],
  ["::/0", "::/0"],
])("%s is %j", (text, value) => {
  expect(resolvePlain(text)).toBe(value);
});

test.each([".inf", "-.INF", "+.Inf", ".nan"])("%s is a number that JSON does not have", (text) => {
  expect(resolvePlain(text)).toBe(Number.NaN);
});

test.each<[string, string | undefined]>([
  ["yes", "true"],
  ["0x10", "16"],
  ["1e3", "1000"],
  [".5", "0.5"],
  ["app", "app"],
  ["null", undefined],
  [".inf", undefined],
])("the key %s is called %j", (text, name) => {
  expect(spellKey(resolvePlain(text))).toBe(name);
});
