import { expect, test } from "vitest";

import { withClusterCIDRs } from "../../../src/config/configuration.ts";
import { resolve } from "../../../src/config/resolve.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import type { KubeClient, ListOptions } from "../../../src/kube/client.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import { findClusterRanges } from "../../../src/wiring/clusterranges.ts";

const services = {
  metadata: { name: "kubernetes" },
  spec: { cidrs: ["10.96.0.0/12", "fd00:10:96::/112"] },
};

type Item = { readonly metadata: { readonly name: string }; readonly spec: object };

function clusterOf(nodes: readonly Item[]): Pick<KubeClient, "list"> {
  return {
    list: async <T>(path: string, { transform }: ListOptions<T>) => ({
      items: (path.includes("servicecidrs") ? [services] : nodes).map((item) => transform(item)),
      resourceVersion: "1",
    }),
  };
}

const { signal } = new AbortController();

test("the ranges of services and of every node's pods are read, each once", async () => {
  const nodes = [
    { metadata: { name: "a" }, spec: { podCIDRs: ["10.244.1.0/24"] } },
    { metadata: { name: "b" }, spec: { podCIDR: "10.244.0.0/24" } },
    { metadata: { name: "c" }, spec: { podCIDR: "10.244.0.0/24" } },
  ];
  expect(await findClusterRanges(clusterOf(nodes), signal)).toEqual([
    "10.244.0.0/24",
    "10.244.1.0/24",
    "10.96.0.0/12",
    "fd00:10:96::/112",
  ]);
});

test("where no node names a pod range, those of services still count, and the rest is said", async () => {
  const ranges = await findClusterRanges(
    clusterOf([{ metadata: { name: "a" }, spec: {} }]),
    signal,
  );
  expect(ranges).toEqual({ services: ["10.96.0.0/12", "fd00:10:96::/112"] });

  const file = { apiVersion: "ringfence.dev/v1alpha1", kind: "Configuration" } as const;
  const evaluate = createEvaluator(withClusterCIDRs(resolve(file, defaultParameters), ranges));
  const allowing = (cidr: string) =>
    evaluate(
      {
        metadata: { name: "a", namespace: "shop" },
        spec: {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ port: 5432 }] }],
        },
      },
      { namespace: "shop", level: "baseline", version: "v1" },
    );
  expect(allowing("10.96.0.0/12").findings.map(({ rule }) => rule)).toEqual(["no-broad-addresses"]);
  expect(allowing("10.32.0.0/12")).toEqual({
    findings: [],
    notes: ["cluster ranges unknown: not checked against pods"],
  });
});
