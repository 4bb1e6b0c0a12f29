import { expect, test } from "vitest";
import type { NetworkPolicy } from "../../../../src/api/networkpolicy.ts";
import { desiredCompanion, isOurs, says } from "../../../../src/isolation/dns/companion.ts";
import { allowKubeDNS, dnsPorts } from "./clusters.ts";

const desired: NetworkPolicy = desiredCompanion("shop", allowKubeDNS);

test("the companion is this", () => {
  expect(desired).toEqual({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: "ringfence-allow-dns",
      namespace: "shop",
      labels: { "app.kubernetes.io/managed-by": "ringfence" },
    },
    spec: {
      podSelector: {},
      policyTypes: ["Egress"],
      ingress: [],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
    },
  });
});

test("as the API server stores it, it still says the same", () => {
  const stored = { podSelector: {}, policyTypes: ["Egress"], egress: allowKubeDNS };
  expect(says({ spec: stored }, allowKubeDNS)).toBe(true);
  expect(says({ spec: { podSelector: {}, policyTypes: ["Egress"] } }, [])).toBe(true);
});

test.each<[string, NetworkPolicy["spec"]]>([
  ["no spec", null],
  ["no rules", { ...desired.spec, egress: [] }],
  ["another rule", { ...desired.spec, egress: [{ ports: dnsPorts }] }],
  ["one rule more", { ...desired.spec, egress: [...allowKubeDNS, {}] }],
  [
    "one port more",
    { ...desired.spec, egress: [{ ...allowKubeDNS[0], ports: [...dnsPorts, {}] }] },
  ],
  ["a narrower subject", { ...desired.spec, podSelector: { matchLabels: { a: "b" } } }],
  ["ingress as well", { ...desired.spec, policyTypes: ["Ingress", "Egress"] }],
  ["dead ingress rules", { ...desired.spec, ingress: [{}] }],
])("with %s it does not", (_name, spec) => {
  expect(says({ ...desired, spec: spec ?? null }, allowKubeDNS)).toBe(false);
});

test("it is ours by its label", () => {
  expect(isOurs(desired)).toBe(true);
  expect(isOurs({ metadata: { labels: { "app.kubernetes.io/managed-by": "Helm" } } })).toBe(false);
  expect(isOurs({ metadata: null })).toBe(false);
});
