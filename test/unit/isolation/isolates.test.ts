import { expect, test } from "vitest";
import type { NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { desiredPolicy } from "../../../src/isolation/desired.ts";
import { isolates } from "../../../src/isolation/isolates.ts";

const both = ["Ingress", "Egress"];

const isolating: readonly (readonly [string, NetworkPolicySpec])[] = [
  ["empty lists", { podSelector: {}, policyTypes: both, ingress: [], egress: [] }],
  ["absent lists", { podSelector: {}, policyTypes: both }],
  ["null lists", { podSelector: {}, policyTypes: both, ingress: null, egress: null }],
  ["an absent selector", { policyTypes: both }],
  ["a null selector", { podSelector: null, policyTypes: both }],
  [
    "a selector of empty maps",
    { podSelector: { matchLabels: {}, matchExpressions: [] }, policyTypes: both },
  ],
  [
    "a selector of nulls",
    { podSelector: { matchLabels: null, matchExpressions: null }, policyTypes: both },
  ],
  ["types in another order", { podSelector: {}, policyTypes: ["Egress", "Ingress"] }],
];

const open: readonly (readonly [string, NetworkPolicySpec | null | undefined])[] = [
  ["no spec", undefined],
  ["a null spec", null],
  ["no types: egress stays open", { podSelector: {}, ingress: [], egress: [] }],
  ["ingress alone", { podSelector: {}, policyTypes: ["Ingress"] }],
  ["egress alone", { podSelector: {}, policyTypes: ["Egress"] }],
  ["an ingress rule for everybody", { podSelector: {}, policyTypes: both, ingress: [{}] }],
  ["an ingress rule for nobody", { podSelector: {}, policyTypes: both, ingress: [{ from: [] }] }],
  ["an egress rule", { podSelector: {}, policyTypes: both, egress: [{}] }],
  ["a null rule", { podSelector: {}, policyTypes: both, egress: [null] }],
  ["some pods by label", { podSelector: { matchLabels: { a: "b" } }, policyTypes: both }],
  [
    "a label that is also a property of every object",
    { podSelector: { matchLabels: JSON.parse('{"__proto__": "x"}') }, policyTypes: both },
  ],
  [
    "some pods by expression",
    {
      podSelector: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] },
      policyTypes: both,
    },
  ],
];

test.for(isolating)("%s isolates", ([, spec]) => {
  expect(isolates({ spec })).toBe(true);
});

test.for(open)("%s does not isolate", ([, spec]) => {
  expect(isolates(spec === undefined ? {} : { spec })).toBe(false);
});

test("the desired policy isolates and is written out in full", () => {
  expect(isolates(desiredPolicy("shop"))).toBe(true);
  expect(desiredPolicy("shop")).toEqual({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: "ringfence-default-deny",
      namespace: "shop",
      labels: { "app.kubernetes.io/managed-by": "ringfence" },
    },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] },
  });
});
