import { expect, test } from "vitest";
import type { LabelSelector } from "../../../../src/api/networkpolicy.ts";
import { exposure } from "../../../../src/netpol/exposure/exposure.ts";
import { clusterOf, policyOf, web } from "../../../support/smallcluster.ts";

function app(operator: string, values?: readonly string[]): LabelSelector {
  return { matchExpressions: [{ key: "app", operator, ...(values ? { values } : {}) }] };
}

test("a peer is told in the words of kubectl", () => {
  const ops = { matchLabels: { team: "ops" } };
  const from = [
    { namespaceSelector: {} },
    { podSelector: {} },
    { namespaceSelector: {}, podSelector: app("In", ["web", "api"]) },
    { namespaceSelector: ops, podSelector: app("NotIn", ["web", "api"]) },
    { podSelector: app("Exists") },
    { podSelector: app("DoesNotExist") },
    { podSelector: { matchLabels: { app: "web", tier: "" } } },
    { namespaceSelector: ops, podSelector: app("Exists") },
    { namespaceSelector: { matchLabels: { team: "shop" } }, podSelector: app("Exists") },
    { podSelector: { ...app("Exists"), matchLabels: { tier: "" } } },
    { podSelector: { ...app("DoesNotExist"), matchLabels: { app: "web" } } },
    {
      podSelector: {
        matchExpressions: [
          { key: "app", operator: "NotIn", values: ["web"] },
          { key: "app", operator: "Exists" },
        ],
      },
    },
  ];
  const { pods = [] } =
    exposure(clusterOf([policyOf({ ingress: [{ from }] })]), web, "ingress") ?? {};
  expect(pods.map(({ who }) => who)).toEqual([
    "any pod in any namespace",
    "any pod in namespace shop",
    "pods matching app in (api,web) in any namespace",
    "pods matching app notin (api,web) in namespaces matching team=ops",
    "pods matching app in namespace shop",
    "pods matching !app in namespace shop",
    "pods matching app=web,tier= in namespace shop",
    "pods matching app in namespaces matching team=ops",
    "pods matching app in namespaces matching team=shop",
    "pods matching tier=,app in namespace shop",
    "pods matching nothing (it contradicts itself) in namespace shop",
    "pods matching app,app notin (web) in namespace shop",
  ]);
});
