import { describe, expect, test } from "vitest";
import type { NetworkPolicy, NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { parse } from "yaml";
import { standardParameters } from "../../oracle/standard.ts";
import { judgeSums } from "../../oracle/union.ts";
import { judgeUpdate } from "../../oracle/update.ts";

function policyOf(spec: string): NetworkPolicy {
  const read: NetworkPolicySpec = parse(`{${spec}}`);
  const defaults = { podSelector: {}, policyTypes: ["Egress"] };
  return { metadata: { name: "np", namespace: "shop" }, spec: { ...defaults, ...read } };
}

function sumsOf(
  incoming: string,
  neighbours: readonly string[],
  level: "baseline" | "restricted" = "baseline",
): readonly string[] {
  const parameters = standardParameters;
  const around = { neighbours: neighbours.map((one) => policyOf(one)), level, parameters };
  const sums = judgeSums(policyOf(incoming), { ...around, namespace: "shop" });
  return [...new Set(sums.filter(({ optional }) => !optional).map(({ rule }) => rule))].toSorted();
}

const lower = "egress: [{to: [{ipBlock: {cidr: 20.0.0.0/8}}]}]";
const upper = "egress: [{to: [{ipBlock: {cidr: 21.0.0.0/8}}]}]";
const both = "egress: [{to: [{ipBlock: {cidr: 20.0.0.0/7}}]}]";
const web = "podSelector: {matchLabels: {app: web}}";
const api = "podSelector: {matchLabels: {app: api}}";
const recipe =
  "ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16]}";

function internet(ports: string): string {
  return `egress: [{ports: [${ports}], to: [{${recipe}}]}]`;
}

function two(from: number): string {
  return `egress: [{to: [{ipBlock: {cidr: ${from}.0.0.0/8}}, {ipBlock: {cidr: ${from + 2}.0.0.0/8}}]}]`;
}

function block(cidr: string): string {
  return `ipBlock: {cidr: ${cidr}}`;
}

function meet(...values: readonly string[]): string {
  return `podSelector: {matchExpressions: [{key: app, operator: In, values: [${values.join()}]}]}`;
}

function refusedFor(old: string, updated: string, neighbours: readonly string[]) {
  const around = neighbours.map((one) => policyOf(one));
  const parameters = standardParameters;
  const next = policyOf(updated);
  const { must } = judgeUpdate(policyOf(old), next, "shop", "baseline", parameters, around);
  return [...must];
}

describe("the oracle adds up what one pod has from several networkPolicies", () => {
  test("two halves are one block where a pod has both", () => {
    expect(sumsOf(lower, [upper])).toEqual(["no-broad-addresses"]);
    expect(sumsOf(`${web}, ${lower}`, [`${web}, ${upper}`])).toEqual(["no-broad-addresses"]);
    expect(sumsOf(`${web}, ${lower}`, [`${api}, ${upper}`])).toEqual([]);
  });

  test("a deny-all is no part of a sum", () => {
    expect(sumsOf("ingress: []", [lower, upper, both])).toEqual([]);
  });

  test("what neighbours do without the networkPolicy is not held against it", () => {
    expect(sumsOf(lower, [both])).toEqual([]);
    expect(sumsOf(lower, [upper, both])).toEqual([]);
    expect(sumsOf(lower, [upper, "egress: [{}]"])).toEqual([]);
  });

  test("what baseline refuses is no less at restricted, whatever neighbours exceed there", () => {
    const wide = "egress: [{to: [{ipBlock: {cidr: 21.0.0.0/8}}]}]";
    // For restricted the neighbour alone is too wide, for baseline only both.
    expect(sumsOf(lower, [wide], "baseline")).toEqual(["no-broad-addresses"]);
    expect(sumsOf(lower, [wide], "restricted")).toContain("no-broad-addresses");
    expect(sumsOf(lower, [both], "restricted")).not.toContain("no-broad-addresses");
  });

  test("a pod that fewer neighbours select is a pod as well", () => {
    expect(sumsOf(lower, [upper, `${web}, ${both}`])).toEqual(["no-broad-addresses"]);
  });

  test("three that meet two by two, and never all, are added up two by two", () => {
    const others = [`${meet("b", "c")}, ${two(30)}`, `${meet("c", "a")}, ${two(40)}`];
    const narrow = "egress: [{to: [{ipBlock: {cidr: 60.0.0.0/24}}]}]";
    expect(sumsOf(`${meet("a", "b")}, ${narrow}`, others)).toEqual([]);
    expect(sumsOf(`${meet("a", "c")}, ${narrow}`, others)).toEqual(["no-broad-addresses"]);
  });

  test("ports to the internet are counted over all of a pod's networkPolicies", () => {
    const sixteen = internet("{port: 8000, endPort: 8015}");
    expect(sumsOf(internet("{port: 8015}"), [sixteen])).toEqual([]);
    expect(sumsOf(internet("{port: 8016}"), [sixteen])).toEqual(["no-broad-addresses"]);
    expect(sumsOf(internet("{port: 53}, {port: 53, protocol: UDP}"), [sixteen])).toEqual([]);
  });

  test("ports of one peer are counted over all of a pod's networkPolicies", () => {
    const peer = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}";
    const ports = (from: number, to: number, who = peer) =>
      `egress: [{to: [{${who}}], ports: [{port: ${from}, endPort: ${to}}]}]`;
    expect(sumsOf(ports(1, 512), [ports(513, 1024)], "restricted")).toEqual([]);
    expect(sumsOf(ports(1, 512), [ports(513, 1025)], "restricted")).toEqual(["require-ports"]);
    const other = peer.replace("monitoring", "logging");
    expect(sumsOf(ports(1, 512), [ports(513, 1025, other)], "restricted")).toEqual([]);
    const wide = [ports(513, 1025, block("20.0.0.0/24"))];
    expect(sumsOf(ports(1, 512, block("20.0.0.7/32")), wide, "restricted")).toEqual([
      "require-ports",
    ]);
    expect(sumsOf(ports(1, 512, block("20.0.1.7/32")), wide, "restricted")).toEqual([]);
  });
});

describe("the oracle refuses an update for a sum only where it opens something new", () => {
  test("what it opened before may stay, and what is wider may not", () => {
    const more = "egress: [{to: [{ipBlock: {cidr: 20.0.0.0/8}}, {ipBlock: {cidr: 23.0.0.0/8}}]}]";
    expect(refusedFor(more, lower, [upper])).toEqual([]);
    expect(refusedFor(lower, more, [upper])).toEqual(["no-broad-addresses"]);
  });

  test("another subject counts only where the sum is", () => {
    expect(refusedFor(`${web}, ${lower}`, lower, [`${web}, ${upper}`])).toEqual([]);
    expect(refusedFor(`${web}, ${lower}`, lower, [`${api}, ${upper}`])).toEqual([
      "no-broad-addresses",
    ]);
  });
});
