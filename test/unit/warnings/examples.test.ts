import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { dnsUdpOnly } from "../../../src/warnings/dns-udp-only/warning.ts";
import { matchesNothingNow } from "../../../src/warnings/matches-nothing-now/warning.ts";
import { namedPortWithAddress } from "../../../src/warnings/named-port-with-address/warning.ts";
import { noDnsPath } from "../../../src/warnings/no-dns-path/warning.ts";
import { oneFamilyOnly } from "../../../src/warnings/one-family-only/warning.ts";
import { overlapsClusterRange } from "../../../src/warnings/overlaps-cluster-range/warning.ts";
import { servicePortMismatch } from "../../../src/warnings/service-port-mismatch/warning.ts";
import { shadowedRule } from "../../../src/warnings/shadowed-rule/warning.ts";
import { inspect } from "./inspecting.ts";

const warnings = [
  dnsUdpOnly,
  matchesNothingNow,
  namedPortWithAddress,
  noDnsPath,
  oneFamilyOnly,
  overlapsClusterRange,
  servicePortMismatch,
  shadowedRule,
];

const withoutPrivate =
  "except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16]";

/** What the standard accepts, by the words of its examples. */
const accepted: readonly (readonly [string, readonly string[]])[] = [
  ["{podSelector: {}}", []],
  ["{podSelector: {}, egress: [{ports: [{protocol: UDP, port: 53}, {port: 53}]}]}", []],
  ["ingress: [{from: [{podSelector: {}}]}]", []],
  [
    "ingress: [{from: [{namespaceSelector: {matchLabels: {team: payments}}}], ports: [{port: 8080}]}]",
    [],
  ],
  [
    "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: prometheus}}}], ports: [{port: 9090}]}]",
    [],
  ],
  [
    "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]",
    [],
  ],
  ["{policyTypes: [Ingress], egress: [{to: [{podSelector: {}}], ports: [{port: 5432}]}]}", []],
  [
    `egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, ${withoutPrivate}}}], ports: [{port: 443}]}]`,
    ["no-dns-path"],
  ],
  [
    "egress: [{to: [{ipBlock: {cidr: '::/0', except: ['fc00::/7', 'fe80::/10']}}], ports: [{port: 443}]}]",
    ["no-dns-path"],
  ],
  ["egress: [{to: [{ipBlock: {cidr: 10.20.0.0/16}}], ports: [{port: 5432}]}]", ["no-dns-path"]],
  ["egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 5432}]}]", ["no-dns-path"]],
  // Nothing is left of the block, and another warning says so.
  ["egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [0.0.0.0/1, 128.0.0.0/1]}}]}]", []],
];

describe("policies that the standard accepts", () => {
  it.each(accepted)("%s", (text, expected) => {
    const fields: object = parse(text);
    const spec = {
      podSelector: { matchLabels: { app: "web" } },
      policyTypes: ["Ingress", "Egress"],
      ...fields,
    };
    const warned = warnings.filter((warning) => inspect(warning, spec).length > 0);
    expect(warned.map(({ id }) => id)).toEqual(expected);
  });
});
