import { expect, test } from "vitest";
import type { NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { parse } from "yaml";
import { judgeShared } from "../../oracle/namespace.ts";
import { standardParameters } from "../../oracle/standard.ts";

function sharedBy(specs: readonly string[], level: "baseline" | "restricted" = "baseline") {
  const all = specs.map((text, index) => {
    const read: NetworkPolicySpec = parse(`{${text}}`);
    const spec = { podSelector: {}, policyTypes: ["Egress"], ...read };
    return { metadata: { name: `np-${index}`, namespace: "shop" }, spec };
  });
  const sums = judgeShared(all, "shop", level, standardParameters).filter((one) => !one.optional);
  const lines = sums.map(
    ({ rule, shares }) => `${rule}: ${shares.map(({ of }) => of.metadata?.name).join()}`,
  );
  return [...new Set(lines)].toSorted();
}

const web = "podSelector: {matchLabels: {app: web}}";
const api = "podSelector: {matchLabels: {app: api}}";

function block(cidr: string): string {
  return `egress: [{to: [{ipBlock: {cidr: ${cidr}}}]}]`;
}

function ports(from: number, to: number): string {
  const who = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}";
  return `egress: [{to: [{${who}}], ports: [{port: ${from}, endPort: ${to}}]}]`;
}

test("two halves are a sum of both where a pod has both", () => {
  const lower = block("20.0.0.0/8");
  const upper = block("21.0.0.0/8");
  expect(sharedBy([lower, upper])).toEqual(["no-broad-addresses: np-0,np-1"]);
  expect(sharedBy([`${web}, ${lower}`, `${web}, ${upper}`])).toEqual([
    "no-broad-addresses: np-0,np-1",
  ]);
  expect(sharedBy([`${web}, ${lower}`, `${api}, ${upper}`])).toEqual([]);
});

test("what one has alone is no sum, except on pods that it does not select", () => {
  const halves = [block("20.0.0.0/8"), block("21.0.0.0/8")];
  expect(sharedBy([...halves, block("20.0.0.0/7")])).toEqual([]);
  expect(sharedBy([...halves, `${web}, ${block("20.0.0.0/7")}`])).toEqual([
    "no-broad-addresses: np-0,np-1",
  ]);
});

test("at restricted a sum counts that is new by the limits of baseline alone", () => {
  const halves = [block("20.0.0.0/8"), block("21.0.0.0/8")];
  expect(sharedBy(halves, "restricted")).toContain("no-broad-addresses: np-0,np-1");
});

test("ports of one peer are counted over all networkPolicies of a pod", () => {
  expect(sharedBy([ports(1, 512), ports(513, 1025)], "restricted")).toEqual([
    "require-ports: np-0,np-1",
  ]);
  expect(sharedBy([ports(1, 512), ports(513, 1024)], "restricted")).toEqual([]);
  expect(sharedBy([ports(1, 1025), ports(1024, 1030)], "restricted")).toEqual([]);
});
