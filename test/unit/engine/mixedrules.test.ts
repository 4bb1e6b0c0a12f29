import { expect, test } from "vitest";
import type { NetworkPolicy, Peer } from "../../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

function ingressFrom(name: string, peers: readonly Peer[]): NetworkPolicy {
  const ingress = peers.map((peer) => ({ from: [peer], ports: [{ port: 443 }] }));
  return { metadata: { name, namespace: "shop" }, spec: { podSelector: {}, ingress } };
}

const how = { namespace: "shop", level: "baseline", version: "v1" } as const;

test("a rule for pods of the own namespace does not keep the others from adding up with neighbours", () => {
  const own = { podSelector: { matchLabels: { app: "web" } } };
  const mixed = ingressFrom("mixed", [own, { ipBlock: { cidr: "12.0.0.0/8" } }]);
  const neighbours = [ingressFrom("other", [{ ipBlock: { cidr: "13.0.0.0/8" } }])];
  const evaluate = createEvaluator(defaultParameters);
  expect(evaluate(mixed, how).findings).toEqual([]);
  const found = evaluate(mixed, { ...how, neighbours }).findings;
  expect(found.map(({ rule, path }) => [rule, path])).toEqual([
    ["no-broad-addresses", "spec.ingress[1].from[0].ipBlock"],
  ]);
});
