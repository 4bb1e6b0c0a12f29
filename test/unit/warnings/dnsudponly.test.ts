import { describe, expect, it } from "vitest";
import type { EgressRule, NetworkPolicySpec, Peer } from "../../../src/api/networkpolicy.ts";
import { dnsUdpOnly } from "../../../src/warnings/dns-udp-only/warning.ts";
import { inspect, places, web } from "./inspecting.ts";

const kubeDNS: Peer = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};
const udp = { protocol: "UDP", port: 53 };
const tcp = { port: 53 };

function egress(...rules: readonly EgressRule[]): NetworkPolicySpec {
  return { podSelector: web, policyTypes: ["Egress"], egress: rules };
}

describe("dns-udp-only", () => {
  it("tells of UDP 53 without TCP 53", () => {
    expect(inspect(dnsUdpOnly, egress({ to: [kubeDNS], ports: [udp] }))).toEqual([
      {
        path: "spec.egress[0].ports",
        message:
          "DNS is let through over UDP 53, but not over TCP 53 to the same peers: look-ups with answers too long for one UDP packet fail",
        fix: "Add {protocol: TCP, port: 53} to spec.egress[0].ports.",
      },
    ]);
  });

  it.each<readonly [string, NetworkPolicySpec]>([
    ["both in one rule", egress({ to: [kubeDNS], ports: [udp, tcp] })],
    ["both in two rules", egress({ to: [kubeDNS], ports: [udp] }, { to: [kubeDNS], ports: [tcp] })],
    [
      "TCP 53 to more peers",
      egress({ to: [kubeDNS], ports: [udp] }, { to: [everyPod()], ports: [tcp] }),
    ],
    ["TCP 53 to everyone", egress({ to: [kubeDNS], ports: [udp] }, { ports: [tcp] })],
    ["every port over TCP", egress({ to: [kubeDNS], ports: [udp, { protocol: "TCP" }] })],
    ["a named port", egress({ to: [kubeDNS], ports: [udp, { port: "dns-tcp" }] })],
    [
      "a range that was not written for DNS",
      egress({ ports: [{ protocol: "UDP", port: 1, endPort: 90 }] }),
    ],
    ["a whole protocol", egress({ ports: [{ protocol: "UDP" }] })],
    ["another port", egress({ ports: [{ protocol: "UDP", port: 123 }] })],
    [
      "blocks that other blocks hold together",
      egress(
        { to: [{ ipBlock: { cidr: "10.0.0.0/30" } }], ports: [udp] },
        { to: [{ ipBlock: { cidr: "10.0.0.0/31" } }], ports: [tcp] },
        { to: [{ ipBlock: { cidr: "10.0.0.2/31" } }], ports: [tcp] },
      ),
    ],
    ["ingress", { podSelector: web, ingress: [{ from: [{ podSelector: {} }], ports: [udp] }] }],
    ["rules without effect", { ...egress({ ports: [udp] }), policyTypes: ["Ingress"] }],
  ])("stays silent about %s", (_, spec) => {
    expect(inspect(dnsUdpOnly, spec)).toEqual([]);
  });

  it("tells of TCP 53 that reaches only some of the peers, or only some of the pods", () => {
    const other: Peer = { ipBlock: { cidr: "169.254.20.10/32" } };
    const both: EgressRule = { to: [kubeDNS, other], ports: [udp] };
    expect(places(dnsUdpOnly, egress(both, { to: [kubeDNS], ports: [tcp] }))).toEqual([
      "spec.egress[0].ports",
    ]);
    expect(places(dnsUdpOnly, egress({ ports: [udp] }, { to: [kubeDNS], ports: [tcp] }))).toEqual([
      "spec.egress[0].ports",
    ]);
    expect(
      places(
        dnsUdpOnly,
        egress({ to: [everyPod()], ports: [udp] }, { to: [kubeDNS], ports: [tcp] }),
      ),
    ).toEqual(["spec.egress[0].ports"]);
  });

  it("counts what neighbours for all of the pods allow", () => {
    const spec = egress({ to: [kubeDNS], ports: [udp] });
    const neighbour = egress({ to: [kubeDNS], ports: [tcp] });
    expect(places(dnsUdpOnly, spec, { neighbours: [{ ...neighbour, podSelector: {} }] })).toEqual(
      [],
    );
    const others = { ...neighbour, podSelector: { matchLabels: { app: "api" } } };
    expect(places(dnsUdpOnly, spec, { neighbours: [others] })).toEqual(["spec.egress[0].ports"]);
  });
});

function everyPod(): Peer {
  return { namespaceSelector: {} };
}
