import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const evaluate = createEvaluator(defaultParameters);

/** Rule ids at a level, for a policy in namespace shop with subject app=web unless given. */
function ruleIds(spec: string, level: "baseline" | "restricted"): readonly string[] {
  const fields: object = parse(spec);
  const networkPolicy = {
    metadata: { name: "web", namespace: "shop" },
    spec: {
      podSelector: { matchLabels: { app: "web" } },
      policyTypes: ["Ingress", "Egress"],
      ...fields,
    },
  };
  const evaluation = evaluate(networkPolicy, { namespace: "shop", level, version: "v1" });
  expect(evaluation.unjudged).toBeUndefined();
  return [...new Set(evaluation.findings.map(({ rule }) => rule))];
}

const broad = "no-broad-addresses";
const forgeable = "no-forgeable-selectors";
const unnamed = "no-unnamed-namespaces";

/** What the standard promises, example by example: fragment, baseline, restricted. */
const examples: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["{podSelector: {}, policyTypes: [Ingress, Egress]}", [], []],
  ["ingress: [{}]", ["no-anyone"], ["no-anyone"]],
  ["ingress: [{ports: [{port: 8080}]}]", ["no-anyone"], ["no-anyone"]],
  [
    "{podSelector: {}, egress: [{ports: [{protocol: UDP, port: 53}, {port: 53}]}]}",
    [],
    ["no-anyone"],
  ],
  ["ingress: [{from: [{podSelector: {}}]}]", [], []],
  ["ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]", [unnamed], [unnamed]],
  [
    "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [x]}]}}], ports: [{port: 80}]}]",
    [unnamed],
    [unnamed],
  ],
  [
    "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [a]}]}}, {namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [a]}]}}], ports: [{port: 80}]}]",
    [unnamed],
    [unnamed, forgeable],
  ],
  [
    "ingress: [{from: [{namespaceSelector: {matchLabels: {team: payments}}}], ports: [{port: 8080}]}]",
    [],
    [forgeable],
  ],
  [
    "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: prometheus}}}], ports: [{port: 9090}]}]",
    [],
    [forgeable],
  ],
  [
    "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}, podSelector: {matchLabels: {app: prometheus}}}], ports: [{port: 9090}]}]",
    [],
    [],
  ],
  [
    "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]",
    [],
    ["require-ports"],
  ],
  [
    "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}], ports: [{port: 80}]}]",
    [broad],
    [broad],
  ],
  [
    "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}], ports: [{port: 443}]}]",
    [broad],
    [broad],
  ],
  ["egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]", [broad], [broad]],
  [
    "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16]}}], ports: [{port: 443}]}]",
    [],
    [broad],
  ],
  ["egress: [{to: [{ipBlock: {cidr: 10.20.0.0/16}}], ports: [{port: 5432}]}]", [], []],
  [
    "egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: 80}]}]",
    ["no-metadata-endpoint"],
    ["no-metadata-endpoint"],
  ],
  ["{policyTypes: [Ingress], egress: [{to: [{podSelector: {}}]}]}", [], ["no-dead-rules"]],
  [
    "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [0.0.0.0/1, 128.0.0.0/1]}}], ports: [{port: 443}]}]",
    [],
    [],
  ],
  ["egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 5432}]}]", [], [broad]],
  [
    "egress: [{to: [{ipBlock: {cidr: '::/0', except: ['fc00::/7', 'fe80::/10']}}], ports: [{port: 443}]}]",
    [],
    [broad],
  ],
];

describe("the examples of the standard", () => {
  it.each(examples)("judges %s", (fragment, baseline, restricted) => {
    expect(ruleIds(fragment, "baseline")).toEqual(baseline);
    expect(ruleIds(fragment, "restricted")).toEqual(restricted);
  });
});
