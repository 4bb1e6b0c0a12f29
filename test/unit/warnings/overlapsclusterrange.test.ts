import { describe, expect, it } from "vitest";
import type { NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import type { ClusterRanges } from "../../../src/warnings/cluster.ts";
import { overlapsClusterRange } from "../../../src/warnings/overlaps-cluster-range/warning.ts";
import type { AddressSet } from "../../../src/rules/standard.ts";
import { parseCIDR, spanOf } from "../../../src/netpol/cidr.ts";
import { inspect, places, said, web } from "./inspecting.ts";

function set(text: string): AddressSet {
  const cidr = parseCIDR(text);
  const spans = cidr === undefined ? [] : [spanOf(cidr)];
  return cidr?.family === 6 ? { 4: [], 6: spans } : { 4: spans, 6: [] };
}

function to(cidr: string, port = 443): NetworkPolicySpec {
  return {
    podSelector: web,
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ port }] }],
  };
}

function knowing(ranges: ClusterRanges) {
  return { cluster: { complete: true, ranges } };
}

const ranges: ClusterRanges = {
  services: set("10.96.0.0/12"),
  pods: set("10.244.0.0/16"),
  nodes: set("10.1.0.0/24"),
};

describe("overlaps-cluster-range", () => {
  it("tells of addresses of services", () => {
    expect(inspect(overlapsClusterRange, to("10.96.0.1/32"), knowing(ranges))).toEqual([
      {
        path: "spec.egress[0].to[0].ipBlock",
        message:
          "10.96.0.1/32 holds addresses of the cluster's services (10.96.0.0/12): most plugins see the address of a pod instead, so this opens nothing",
        fix: "Select the pods behind the service by their labels, with the port that they listen on.",
      },
    ]);
  });

  it("tells of addresses of pods and of nodes", () => {
    expect(said(overlapsClusterRange, to("10.244.3.0/24"), knowing(ranges))).toEqual([
      "spec.egress[0].to[0].ipBlock 10.244.3.0/24 holds addresses of the cluster's pods (10.244.0.0/16): most plugins let whichever pod has them at the time through",
    ]);
    expect(said(overlapsClusterRange, to("10.1.0.0/28"), knowing(ranges))).toEqual([
      "spec.egress[0].to[0].ipBlock 10.1.0.0/28 holds addresses of the cluster's nodes (10.1.0.0/24): kubelets and pods on the host's network have them as well",
    ]);
  });

  it("tells of the ranges of the standard where nobody knows whose they are", () => {
    const clusterCIDRs = ["10.96.0.0/12", "fd00::/112"];
    const v6 = to("fd00::10/128");
    expect(said(overlapsClusterRange, v6, { parameters: { clusterCIDRs } })).toEqual([
      "spec.egress[0].to[0].ipBlock fd00::10/128 holds addresses of the cluster's own pods or services (fd00::/112): pods change theirs, and most plugins never see those of services",
    ]);
    expect(
      said(overlapsClusterRange, v6, { parameters: { clusterCIDRs, podCIDRs: "unknown" } }),
    ).toEqual([
      "spec.egress[0].to[0].ipBlock fd00::10/128 holds addresses of the cluster's services (fd00::/112): most plugins see the address of a pod instead, so this opens nothing",
    ]);
  });

  it("leaves to the rule what the rule refuses, but not what a carve-out for DNS lets pass", () => {
    const parameters = { clusterCIDRs: ["10.96.0.0/12"] };
    expect(places(overlapsClusterRange, to("10.96.0.0/23"), { parameters })).toEqual([]);
    expect(places(overlapsClusterRange, to("10.96.0.0/24"), { parameters })).toEqual([
      "spec.egress[0].to[0].ipBlock",
    ]);
    expect(places(overlapsClusterRange, to("10.96.0.0/12", 53), { parameters })).toEqual([
      "spec.egress[0].to[0].ipBlock",
    ]);
  });

  it.each(["10.20.0.0/16", "10.1.0.7/32", "2001:db8::/32"])("stays silent about %s", (cidr) => {
    expect(inspect(overlapsClusterRange, to(cidr), knowing(ranges))).toEqual([]);
  });

  it("stays silent where no ranges are known", () => {
    expect(inspect(overlapsClusterRange, to("10.96.0.1/32"))).toEqual([]);
    const unknown = { parameters: { clusterCIDRs: "unknown" } } as const;
    expect(inspect(overlapsClusterRange, to("10.96.0.1/32"), unknown)).toEqual([]);
  });
});
