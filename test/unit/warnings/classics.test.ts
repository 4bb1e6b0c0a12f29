import { parse } from "yaml";
import { expect, test } from "vitest";
import { createAdviser } from "../../../src/engine/advise.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const advise = createAdviser(defaultParameters);
const inspectedHere = new Set([
  "missing-egress-type",
  "misleading-name",
  "wide-subject",
  "split-and",
  "selects-nothing",
  "secondary-networks-only",
]);

function warningsOf(name: string, spec: string): readonly string[] {
  const fields: object = parse(spec);
  const networkPolicy = {
    metadata: { name, namespace: "shop" },
    spec: { podSelector: { matchLabels: { app: "web" } }, ...fields },
  };
  return advise(networkPolicy, { namespace: "shop" }).flatMap(({ warning }) =>
    inspectedHere.has(warning) ? [warning] : [],
  );
}

test.each([
  ["default-deny-all", "{podSelector: {}, policyTypes: [Ingress, Egress]}"],
  ["default-deny-ingress", "{podSelector: {}, policyTypes: [Ingress]}"],
  ["default-deny-ingress", "{podSelector: {}, ingress: []}"],
  ["default-deny-egress", "{podSelector: {}, policyTypes: [Egress]}"],
  ["default-deny-all-egress", "{podSelector: {}, policyTypes: [Egress], egress: []}"],
  ["deny-from-other-namespaces", "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"],
  ["deny-all-non-whitelisted-traffic", "{podSelector: {}, ingress: []}"],
  ["allow-dns", "{podSelector: {}, egress: [{ports: [{protocol: UDP, port: 53}, {port: 53}]}]}"],
  ["allow-all-ingress", "{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}"],
  ["allow-same-namespace", "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"],
  ["web", "ingress: [{from: [{namespaceSelector: {matchLabels: {team: payments}}}]}]"],
  [
    "web",
    "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}, podSelector: {matchLabels: {app: prometheus}}}], ports: [{port: 9090}]}]",
  ],
  [
    "web",
    "{policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16]}}], ports: [{port: 443}]}]}",
  ],
  [
    "web",
    "{policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: '::/0', except: ['fc00::/7']}}]}]}",
  ],
  ["web", "egress: [{to: [{ipBlock: {cidr: 10.20.0.0/16}}], ports: [{port: 5432}]}]"],
  ["no-isolation-needed", "ingress: [{}]"],
  ["block-storage", "ingress: [{}]"],
  ["nginx-ingress-default-deny", "{policyTypes: [Ingress]}"],
  ["web-ingress-isolated", "{policyTypes: [Egress]}"],
])("nothing is odd about %s: %s", (name, spec) => {
  expect(warningsOf(name, spec)).toEqual([]);
});

test.each([
  ["default-deny-all", "{podSelector: {}, ingress: []}", "missing-egress-type"],
  ["web-deny-all", "{policyTypes: [Ingress]}", "missing-egress-type"],
  ["deny-all-traffic", "{policyTypes: [Ingress]}", "missing-egress-type"],
  ["deny-ingress-and-egress", "{policyTypes: [Ingress]}", "missing-egress-type"],
  ["deny_outbound", "{policyTypes: [Ingress]}", "missing-egress-type"],
  ["egress-default-deny", "{policyTypes: [Ingress]}", "missing-egress-type"],
  ["deny-inbound", "{policyTypes: [Egress]}", "misleading-name"],
  [
    "quarantine",
    "{policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}",
    "misleading-name",
  ],
  [
    "web",
    "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [0.0.0.0/1, 128.0.0.0/1]}}]}]",
    "selects-nothing",
  ],
])("%s with %s is warned of: %s", (name, spec, warning) => {
  expect(warningsOf(name, spec)).toEqual([warning]);
});
