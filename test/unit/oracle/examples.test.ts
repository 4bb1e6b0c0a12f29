import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { NetworkPolicy, NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import type { LevelParameters } from "../../../src/rules/parameters.ts";
import { judge } from "../../oracle/judge.ts";
import { standardParameters } from "../../oracle/standard.ts";

type Example = {
  readonly title: string;
  /** The spec as a YAML flow mapping; subject `{app: web}` unless it names one. */
  readonly spec: string;
  readonly baseline: readonly string[];
  readonly restricted: readonly string[];
};

const monitoring = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}";
const nginx = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}";
const internet =
  "ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16]}";

const examples: readonly Example[] = [
  {
    title: "the deny-all passes",
    spec: "{podSelector: {}, policyTypes: [Ingress, Egress]}",
    baseline: [],
    restricted: [],
  },
  {
    title: "an empty rule lets anyone in",
    spec: "{ingress: [{}]}",
    baseline: ["no-anyone"],
    restricted: ["no-anyone"],
  },
  {
    title: "a rule with one port and no peers lets anyone in",
    spec: "{ingress: [{ports: [{port: 8080}]}]}",
    baseline: ["no-anyone"],
    restricted: ["no-anyone"],
  },
  {
    title: "DNS to anywhere is carved out of baseline",
    spec: "{podSelector: {}, egress: [{ports: [{protocol: UDP, port: 53}, {port: 53}]}]}",
    baseline: [],
    restricted: ["no-anyone"],
  },
  {
    title: "the own namespace is one trust zone",
    spec: "{ingress: [{from: [{podSelector: {}}]}]}",
    baseline: [],
    restricted: [],
  },
  {
    title: "every namespace admits unlabelled strangers",
    spec: "{ingress: [{from: [{namespaceSelector: {}}]}]}",
    baseline: ["no-unnamed-namespaces"],
    restricted: ["no-unnamed-namespaces", "require-ports"],
  },
  {
    title: "NotIn matches namespaces without the key",
    spec: "{ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [x]}]}}]}]}",
    baseline: ["no-unnamed-namespaces"],
    restricted: ["no-unnamed-namespaces", "require-ports"],
  },
  {
    title: "a complement pair is everyone",
    spec: "{ingress: [{ports: [{port: 80}], from: [{namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [a]}]}}, {namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [a]}]}}]}]}",
    baseline: ["no-unnamed-namespaces"],
    restricted: ["no-forgeable-selectors", "no-unnamed-namespaces"],
  },
  {
    title: "an active stranger can wear a namespace label",
    spec: "{ingress: [{ports: [{port: 8080}], from: [{namespaceSelector: {matchLabels: {team: payments}}}]}]}",
    baseline: [],
    restricted: ["no-forgeable-selectors"],
  },
  {
    title: "an active stranger can wear a pod label",
    spec: "{ingress: [{ports: [{port: 9090}], from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: prometheus}}}]}]}",
    baseline: [],
    restricted: ["no-forgeable-selectors"],
  },
  {
    title: "a namespace by name with one port passes",
    spec: `{ingress: [{ports: [{port: 9090}], from: [{${monitoring}, podSelector: {matchLabels: {app: prometheus}}}]}]}`,
    baseline: [],
    restricted: [],
  },
  {
    title: "a namespace by name without ports needs ports",
    spec: `{ingress: [{from: [{${nginx}}]}]}`,
    baseline: [],
    restricted: ["require-ports"],
  },
  {
    title: "two halves of the internet are the internet",
    spec: "{ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}]}",
    baseline: ["no-broad-addresses"],
    restricted: ["no-broad-addresses", "require-ports"],
  },
  {
    title: "blocking only the metadata address opens everything else",
    spec: "{egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]}",
    baseline: ["no-broad-addresses"],
    restricted: ["no-broad-addresses", "require-ports"],
  },
  {
    title: "the internet without its private part cut out includes pods",
    spec: "{egress: [{ports: [{port: 443}], to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}",
    baseline: ["no-broad-addresses"],
    restricted: ["no-broad-addresses"],
  },
  {
    title: "internet egress passes baseline",
    spec: `{egress: [{ports: [{port: 443}], to: [{${internet}}]}]}`,
    baseline: [],
    restricted: ["no-broad-addresses"],
  },
  {
    title: "a narrow private block with one port passes",
    spec: "{egress: [{ports: [{port: 5432}], to: [{ipBlock: {cidr: 10.20.0.0/16}}]}]}",
    baseline: [],
    restricted: [],
  },
  {
    title: "the credential endpoint is refused",
    spec: "{egress: [{ports: [{port: 80}], to: [{ipBlock: {cidr: 169.254.169.254/32}}]}]}",
    baseline: ["no-metadata-endpoint"],
    restricted: ["no-metadata-endpoint"],
  },
  {
    title: "egress rules of an ingress-only policy are dead",
    spec: "{policyTypes: [Ingress], egress: [{}]}",
    baseline: [],
    restricted: ["no-dead-rules"],
  },
  {
    title: "a block with nothing left passes",
    spec: "{egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [0.0.0.0/1, 128.0.0.0/1]}}]}]}",
    baseline: [],
    restricted: [],
  },
  {
    title: "a whole private range is wide for restricted",
    spec: "{egress: [{ports: [{port: 5432}], to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}",
    baseline: [],
    restricted: ["no-broad-addresses"],
  },
  {
    title: "internet egress in IPv6 passes baseline",
    spec: "{egress: [{ports: [{port: 443}], to: [{ipBlock: {cidr: '::/0', except: ['fc00::/7', 'fe80::/10']}}]}]}",
    baseline: [],
    restricted: ["no-broad-addresses"],
  },
];

function policyOf(spec: string): NetworkPolicy {
  const subject = { podSelector: { matchLabels: { app: "web" } } };
  const fragment: NetworkPolicySpec = parse(spec);
  return { metadata: { name: "np", namespace: "shop" }, spec: { ...subject, ...fragment } };
}

function rulesOf(
  networkPolicy: NetworkPolicy,
  level: "baseline" | "restricted",
  parameters: LevelParameters = standardParameters,
): readonly string[] {
  const { expectations } = judge(networkPolicy, "shop", level, parameters[level]);
  const sure = expectations.filter(({ optional }) => !optional);
  return [...new Set(sure.map(({ rule }) => rule))].toSorted();
}

describe("the oracle reads the printed examples as they are printed", () => {
  test.each(examples)("$title", ({ spec, baseline, restricted }) => {
    const networkPolicy = policyOf(spec);
    expect(rulesOf(networkPolicy, "baseline")).toEqual(baseline);
    expect(rulesOf(networkPolicy, "restricted")).toEqual(restricted);
  });
});

test("10.0.0.0/8 is refused at baseline where it covers the cluster's pod range", () => {
  const networkPolicy = policyOf(
    "{egress: [{ports: [{port: 5432}], to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}",
  );
  const clusterCIDRs = ["10.244.0.0/16"];
  const parameters = {
    baseline: { ...standardParameters.baseline, clusterCIDRs },
    restricted: { ...standardParameters.restricted, clusterCIDRs },
  };
  expect(rulesOf(networkPolicy, "baseline", parameters)).toEqual(["no-broad-addresses"]);
});

test("one port without peers passes where it is a public listener", () => {
  const networkPolicy = policyOf("{ingress: [{ports: [{port: 8080}]}]}");
  const listener = {
    namespaces: ["shop"],
    podSelector: { matchLabels: { app: "web" } },
    ports: [8080],
  };
  const parameters = { ...standardParameters.restricted, publicListeners: [listener] };
  expect(judge(networkPolicy, "shop", "restricted", parameters).expectations).toEqual([]);
  const { expectations } = judge(networkPolicy, "other", "restricted", parameters);
  expect(expectations.map(({ rule, keys }) => [rule, keys])).toEqual([
    ["no-anyone", ["ingress[0]"]],
  ]);
});

test.each([
  ["169.254.170.23/32", 80],
  ["169.254.169.253/32", 53],
  ["169.254.169.254/32", 53],
  ["169.254.169.123/32", 123],
  ["169.254.20.10/32", 53],
])("%s port %i is never a finding", (cidr, port) => {
  const networkPolicy = policyOf(
    `{egress: [{ports: [{port: ${port}}, {port: ${port}, protocol: UDP}], to: [{ipBlock: {cidr: ${cidr}}}]}]}`,
  );
  expect(rulesOf(networkPolicy, "restricted")).toEqual([]);
});
