import { expect, test } from "vitest";
import type { Port } from "../../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const allButOne = { port: 1, endPort: 65_534 };
const named = [{ port: "dns" }, { port: "metrics" }];

function requiresPorts(maxPorts: number, ports: readonly Port[]): boolean {
  const evaluate = createEvaluator({
    baseline: defaultParameters.baseline,
    restricted: { ...defaultParameters.restricted, maxPorts },
  });
  const networkPolicy = {
    metadata: { name: "web" },
    spec: {
      podSelector: {},
      egress: [
        { to: [{ ipBlock: { cidr: "203.0.113.7/32" } }], ports: [{ port: 1, endPort: 65_535 }] },
        { to: [{ ipBlock: { cidr: "203.0.113.9/32" } }], ports },
      ],
    },
  };
  const how = { namespace: "shop", level: "restricted", version: "v1" } as const;
  return evaluate(networkPolicy, how).findings.some(({ rule }) => rule === "require-ports");
}

test("names count as ports, and make no more than there are numbers", () => {
  expect(requiresPorts(65_535, [allButOne, ...named])).toBe(false);
  expect(requiresPorts(65_534, [allButOne, ...named])).toBe(true);
});

test("as many ports as there are numbers are all of them", () => {
  expect(requiresPorts(65_535, [])).toBe(false);
  expect(requiresPorts(65_534, [])).toBe(true);
});
