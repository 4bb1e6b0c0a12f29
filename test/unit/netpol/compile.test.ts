import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { compile } from "../../../src/netpol/compile.ts";
import type { Model } from "../../../src/netpol/model.ts";
import { everyPort } from "../../../src/netpol/ports.ts";

function model(spec: string): Model {
  const compiled = compile({ metadata: { name: "np" }, spec: parse(spec) }, "shop");
  if ("problem" in compiled)
    throw new Error(`${compiled.problem.path} ${compiled.problem.message}`);
  return compiled.model;
}

function problem(spec: unknown): string {
  const compiled = compile(JSON.parse(JSON.stringify({ spec })), "shop");
  return "problem" in compiled ? `${compiled.problem.path} ${compiled.problem.message}` : "none";
}

describe("what missing, null and empty mean", () => {
  it.each([
    "{}",
    "{podSelector: null}",
    "{podSelector: {}}",
    "{podSelector: {matchLabels: {}}}",
    "{podSelector: {matchExpressions: []}}",
    "null",
  ])("selects every pod of the namespace by %s", (spec) => {
    expect(model(spec).subject.keys.size).toBe(0);
  });

  it.each([
    ["{}", true, false],
    ["{policyTypes: []}", true, false],
    ["{policyTypes: null, egress: []}", true, false],
    ["{egress: [{}]}", true, true],
    ["{policyTypes: [Ingress], egress: [{}]}", true, false],
    ["{policyTypes: [Egress]}", false, true],
    ["{policyTypes: [Ingress, Egress]}", true, true],
  ])("isolates by %s: ingress %s, egress %s", (spec, ingress, egress) => {
    expect(model(spec).isolates).toEqual({ ingress, egress });
  });

  it.each(["{}", "null", "{from: null}", "{from: []}", "{from: [], ports: []}"])(
    "admits everyone on every port by the rule %s",
    (rule) => {
      const [only] = model(`{ingress: [${rule}]}`).rules;
      expect(only?.peers).toBeUndefined();
      expect(only?.ports).toEqual(everyPort);
    },
  );

  it("takes a missing or null namespaceSelector for the own namespace, an empty one for all", () => {
    const rules = model(
      "{ingress: [{from: [{podSelector: {}}, {podSelector: {}, namespaceSelector: null}, {namespaceSelector: {}}]}]}",
    ).rules;
    const namespaces = rules[0]?.peers?.map((peer) =>
      peer.kind === "pods" ? peer.namespaces : "?",
    );
    expect(namespaces).toEqual(["own", "own", { keys: new Map(), possible: true }]);
  });
});

describe("what cannot be judged", () => {
  it.each([
    [
      { policyTypes: ["Sideways"] },
      "spec.policyTypes[0] is a policy type this version does not know",
    ],
    [{ ingress: [{}], mesh: true }, "spec.mesh is a field this version does not know"],
    [{ ingress: {} }, "spec.ingress must be a list"],
    [{ ingress: ["x"] }, "spec.ingress[0] must be an object"],
    [{ ingress: [{ to: [] }] }, "spec.ingress[0].to is a field this version does not know"],
    [
      { ingress: [{ from: [{}] }] },
      "spec.ingress[0].from[0] must have a podSelector, a namespaceSelector or an ipBlock",
    ],
    [
      { ingress: [{ from: [{ fqdn: "x" }] }] },
      "spec.ingress[0].from[0].fqdn is a field this version does not know",
    ],
    [
      { ingress: [{ from: [{ podSelector: {}, ipBlock: { cidr: "::/0" } }] }] },
      "spec.ingress[0].from[0] has both an ipBlock and a selector",
    ],
    [
      { ingress: [{ from: [{ ipBlock: { cidr: "x" } }] }] },
      "spec.ingress[0].from[0].ipBlock.cidr must be an address block such as 10.0.0.0/8 or fd00::/8",
    ],
    [
      { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["11.0.0.0/9"] } }] }] },
      "spec.ingress[0].from[0].ipBlock.except[0] must be a strict subset of cidr",
    ],
    [
      { ingress: [{ ports: [{ protocol: "QUIC" }] }] },
      "spec.ingress[0].ports[0].protocol is a protocol this version does not know",
    ],
    [
      { ingress: [{ ports: [{ port: 0 }] }] },
      "spec.ingress[0].ports[0].port must be a number from 1 to 65535",
    ],
    [
      { ingress: [{ ports: [{ port: "80" }] }] },
      "spec.ingress[0].ports[0].port must be a number from 1 to 65535 or the name of a port",
    ],
    [
      { ingress: [{ ports: [{ port: 5, endPort: 4 }] }] },
      "spec.ingress[0].ports[0].endPort must be a number from port to 65535",
    ],
    [
      { ingress: [{ ports: [{ endPort: 4 }] }] },
      "spec.ingress[0].ports[0].endPort needs a port that is a number",
    ],
    [
      { podSelector: { matchExpressions: [{ key: "a", operator: "Matches" }] } },
      'spec.podSelector.matchExpressions[0].operator is "Matches", an operator this version does not know',
    ],
    [
      { podSelector: { matchExpressions: [{ key: "a", operator: "In", values: [] }] } },
      "spec.podSelector.matchExpressions[0].values must not be empty with In",
    ],
    [
      { podSelector: { matchExpressions: [{ key: "a", operator: "Exists", values: ["x"] }] } },
      "spec.podSelector.matchExpressions[0].values must be empty with Exists",
    ],
    [{ podSelector: { matchLabels: { a: 1 } } }, "spec.podSelector.matchLabels.a must be a string"],
    [{ podSelector: { matchLabels: [] } }, "spec.podSelector.matchLabels must be a map of labels"],
  ])("%j", (spec, expected) => {
    expect(problem(spec)).toBe(expected);
  });

  it("is total over any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (spec, rule) => {
        expect(() => problem(spec)).not.toThrow();
        expect(() => problem({ ingress: [rule], egress: rule })).not.toThrow();
      }),
    );
  });

  it("reads __proto__ and constructor as keys like any other", () => {
    const compiled = compile(
      JSON.parse(
        '{"spec": {"podSelector": {"matchLabels": {"__proto__": "x", "constructor": "y"}}}}',
      ),
      "shop",
    );
    expect("model" in compiled && [...compiled.model.subject.keys.keys()]).toEqual([
      "__proto__",
      "constructor",
    ]);
    expect(problem({ ingress: [JSON.parse('{"__proto__": {}}')] })).toBe(
      "spec.ingress[0].__proto__ is a field this version does not know",
    );
  });
});
