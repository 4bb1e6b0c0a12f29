import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { evaluateUpdate } from "../../../src/engine/ratchet.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const evaluate = createEvaluator(defaultParameters);
const how = { namespace: "shop", level: "restricted", version: "v1" } as const;

/** Through JSON, as objects arrive: `__proto__` becomes a key of its own. */
function arrived(value: unknown): object {
  return JSON.parse(JSON.stringify({ value })).value;
}

const object = fc.oneof(
  fc.jsonValue(),
  fc.record({ metadata: fc.jsonValue(), spec: fc.jsonValue() }),
  fc.record({
    metadata: fc.record({ annotations: fc.jsonValue() }),
    spec: fc.record({
      ingress: fc.array(fc.oneof(fc.jsonValue(), fc.record({ from: fc.jsonValue() }))),
      egress: fc.array(fc.record({ to: fc.array(fc.record({ ipBlock: fc.jsonValue() })) })),
    }),
  }),
);

describe("objects that no API server would send", () => {
  it("are judged or unjudged, and never throw", () => {
    fc.assert(
      fc.property(object, object, (one, other) => {
        expect(() => evaluate(arrived(one), how)).not.toThrow();
        expect(() =>
          evaluateUpdate(defaultParameters, arrived(one), arrived(other), how),
        ).not.toThrow();
      }),
    );
  });

  it.each([null, "text", 5, [], { spec: [] }, { spec: "x" }])("%j is unjudged", (value) => {
    expect(evaluate(arrived(value), how).unjudged).toBeDefined();
    expect(evaluate(arrived(value), how).findings).toEqual([]);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "the label key %s is one like any other",
    (key) => {
      const selector = `{"matchLabels": {"${key}": "x"}}`;
      const policy: object = JSON.parse(
        `{"spec": {"podSelector": ${selector}, "ingress": [{"from": [{"namespaceSelector": ${selector}}], "ports": [{"port": 80}]}]}}`,
      );
      expect(
        evaluate(policy, how).findings.map(({ rule, witness }) => ({ rule, witness })),
      ).toEqual([
        {
          rule: "no-forgeable-selectors",
          witness: `a pod without labels in a namespace "stranger" labelled ${key}=x gets in on TCP 80`,
        },
      ]);
    },
  );
});
