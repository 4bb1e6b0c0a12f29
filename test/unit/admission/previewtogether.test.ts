import { expect, test } from "vitest";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import { preview, relabelled } from "../../support/reviewpreview.ts";

/** Lets pods of namespace `monitoring` in on 600 ports of TCP, from the given one on. */
function scraped(name: string, port: number, app?: string): NetworkPolicy {
  const peer = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
    podSelector: { matchLabels: { app: "prometheus" } },
  };
  return {
    metadata: { name, namespace: "shop" },
    spec: {
      podSelector: app === undefined ? {} : { matchLabels: { app } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [peer], ports: [{ port, endPort: port + 599 }] }],
    },
  };
}

function previewOf(...policies: readonly NetworkPolicy[]) {
  const { answer } = preview({
    networkPolicies: { list: async () => policies },
    evaluate: createEvaluator(defaultParameters),
  });
  return answer(relabelled({}, { enforce: "restricted" }));
}

test("policies that are too much together violate the level, each of them", async () => {
  const answer = await previewOf(scraped("first", 1000), scraped("second", 2000));
  expect(answer.warnings).toEqual([
    '2 of 2 existing NetworkPolicies of namespace "shop" would violate restricted:v1 (enforce)',
    'NetworkPolicy "first" would violate restricted:v1: require-ports',
    'NetworkPolicy "second" would violate restricted:v1: require-ports',
  ]);
});

test("policies that no pod has both of are not added up", async () => {
  const answer = await previewOf(scraped("first", 1000, "web"), scraped("second", 2000, "db"));
  expect(answer.warnings).toBeUndefined();
});
