import { describe, expect, test } from "vitest";
import type { Minor } from "../../../../src/netpol/validity/validate.ts";
import {
  keyRule,
  refusalsOfSpec,
  subdomainRule,
  valueRule,
} from "../../../support/validityrefusals.ts";

const path = "spec.podSelector";
const listing = "must be specified when `operator` is 'In' or 'NotIn'";
const testing = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";

function ofSelector(podSelector: unknown, minor?: Minor): readonly string[] {
  return refusalsOfSpec({ podSelector }, minor);
}

function ofKey(key: string, minor?: Minor): readonly string[] {
  return ofSelector({ matchExpressions: [{ key, operator: "Exists" }] }, minor);
}

describe("a selector", () => {
  test.each<object>([
    {},
    { matchLabels: null, matchExpressions: null },
    { matchLabels: { constructor: "", toString: "a", "example.com/A_b.c-1": "A_b.c-1" } },
    { matchLabels: { a: null } },
    { matchExpressions: [{ key: "a", operator: "In", values: ["", null, "x".repeat(63)] }] },
    { matchExpressions: [{ key: "a", operator: "Exists", values: [] }] },
    { matchExpressions: [{ key: "a", operator: "DoesNotExist", values: null }] },
  ])("can be %j", (selector) => {
    expect(ofSelector(selector)).toEqual([]);
  });

  test.each([
    ["", ["name part must be non-empty", `name part ${keyRule}`]],
    ["a b", [`name part ${keyRule}`]],
    ["__proto__", [`name part ${keyRule}`]],
    ["a-", [`name part ${keyRule}`]],
    ["-a", [`name part ${keyRule}`]],
    ["é", [`name part ${keyRule}`]],
    ["éa", [`name part ${keyRule}`]],
    ["aé", [`name part ${keyRule}`]],
    ["aéa", [`name part ${keyRule}`]],
    ["x".repeat(64), ["name part must be no more than 63 bytes"]],
    ["a/", ["name part must be non-empty", `name part ${keyRule}`]],
    ["/a", ["prefix part must be non-empty"]],
    ["A/b", [`prefix part ${subdomainRule}`]],
    ["a..b/c", [`prefix part ${subdomainRule}`]],
    [`${"a".repeat(254)}/b`, ["prefix part must be no more than 253 bytes"]],
    [
      "a/b/c",
      [
        `a valid label key ${keyRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ],
    ],
  ])("has no key %j", (key, wrong) => {
    const refused = wrong.map((one) => `Invalid value: "${key}": ${one}`);
    expect(ofKey(key)).toEqual(refused.map((one) => `${path}.matchExpressions[0].key: ${one}`));
    const matchLabels = Object.fromEntries([[key, ""]]);
    expect(ofSelector({ matchLabels })).toEqual(
      refused.map((one) => `${path}.matchLabels: ${one}`),
    );
  });

  test.each([
    ["a b", [valueRule]],
    ["-", [valueRule]],
    ["-a", [valueRule]],
    ["a.", [valueRule]],
    ["x".repeat(64), ["must be no more than 63 bytes"]],
    ["é".repeat(32), ["must be no more than 63 bytes", valueRule]],
  ])("has no value %j", (value, wrong) => {
    const refused = wrong.map((one) => `Invalid value: "${value}": ${one}`);
    const requirement = { key: "a", operator: "NotIn", values: ["b", value] };
    expect(ofSelector({ matchExpressions: [requirement] })).toEqual(
      refused.map((one) => `${path}.matchExpressions[0].values[1]: ${one}`),
    );
    expect(ofSelector({ matchLabels: { a: value } })).toEqual(
      refused.map((one) => `${path}.matchLabels: ${one}`),
    );
  });

  test.each(["In", "NotIn"])("needs values for %s", (operator) => {
    for (const values of [[], null, undefined]) {
      expect(ofSelector({ matchExpressions: [{ key: "a", operator, values }] })).toEqual([
        `${path}.matchExpressions[0].values: Required value: ${listing}`,
      ]);
    }
  });

  test.each(["Exists", "DoesNotExist"])("takes no values for %s", (operator) => {
    expect(ofSelector({ matchExpressions: [{ key: "a", operator, values: ["b"] }] })).toEqual([
      `${path}.matchExpressions[0].values: Forbidden: ${testing}`,
    ]);
  });

  test("has no other operators, and none in another case", () => {
    const matchExpressions = [{ key: "a", operator: "in" }, { key: "a", operator: "<" }, null];
    expect(ofSelector({ matchExpressions })).toEqual([
      `${path}.matchExpressions[0].operator: Invalid value: "in": not a valid selector operator`,
      String.raw`${path}.matchExpressions[1].operator: Invalid value: "\u003c": not a valid selector operator`,
      `${path}.matchExpressions[2].operator: Invalid value: "": not a valid selector operator`,
      `${path}.matchExpressions[2].key: Invalid value: "": name part must be non-empty`,
      `${path}.matchExpressions[2].key: Invalid value: "": name part ${keyRule}`,
    ]);
  });

  test("has keys that 1.34 calls and measures by other words", () => {
    expect(ofKey("x".repeat(64), 34)).toEqual([
      `${path}.matchExpressions[0].key: Invalid value: "${"x".repeat(64)}": name part must be no more than 63 characters`,
    ]);
    expect(ofKey("a/b/c", 34)).toEqual([
      `${path}.matchExpressions[0].key: Invalid value: "a/b/c": a qualified name ${keyRule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]);
    for (const key of ["x".repeat(64), "a/b/c"]) expect(ofKey(key, 35)).toEqual(ofKey(key));
  });
});
