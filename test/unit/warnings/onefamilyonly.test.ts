import { describe, expect, it } from "vitest";
import type { EgressRule, NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { oneFamilyOnly } from "../../../src/warnings/one-family-only/warning.ts";
import { type Around, inspect, places, web } from "./inspecting.ts";

const v4: EgressRule = {
  to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "192.168.0.0/16"] } }],
  ports: [{ port: 443 }],
};
const v6: EgressRule = {
  to: [{ ipBlock: { cidr: "::/0", except: ["fc00::/7"] } }],
  ports: [{ port: 443 }],
};
const dualStack: Around = { parameters: { clusterCIDRs: ["10.96.0.0/12", "fd00:10::/108"] } };

function egress(...rules: readonly EgressRule[]): NetworkPolicySpec {
  return { podSelector: web, policyTypes: ["Egress"], egress: rules };
}

function messageOf(spec: NetworkPolicySpec, around: Around): readonly string[] {
  return inspect(oneFamilyOnly, spec, around).map(({ message }) => message);
}

describe("one-family-only", () => {
  it("tells of the internet over IPv4 in a cluster with IPv6", () => {
    expect(inspect(oneFamilyOnly, egress(v4), dualStack)).toEqual([
      {
        path: "spec.egress[0].to",
        message:
          "the internet is open for egress over IPv4 only, although the cluster has IPv6 addresses as well: connections over IPv6 are refused",
        fix: 'If both are meant, add {ipBlock: {cidr: "::/0", except: [fc00::/7, fe80::/10]}} to spec.egress[0].to.',
      },
    ]);
  });

  it("tells of the internet over IPv6 in a cluster with IPv4", () => {
    const spec = { podSelector: web, ingress: [{ from: [...(v6.to ?? [])] }] };
    expect(inspect(oneFamilyOnly, spec, dualStack)).toEqual([
      {
        path: "spec.ingress[0].from",
        message:
          "the internet is open for ingress over IPv6 only, although the cluster has IPv4 addresses as well: connections over IPv4 are refused",
        fix: 'If both are meant, add {ipBlock: {cidr: "0.0.0.0/0", except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16]}} to spec.ingress[0].from.',
      },
    ]);
  });

  it("takes other blocks for a sign of the other family where the cluster's are not known", () => {
    const resolver: EgressRule = {
      to: [{ ipBlock: { cidr: "2001:db8::53/128" } }],
      ports: [{ port: 853 }],
    };
    expect(messageOf(egress(v4, resolver), {})).toEqual([
      "the internet is open for egress over IPv4 only, although other rules of the policy name IPv6 addresses: connections over IPv6 are refused",
    ]);
    expect(messageOf(egress(v4), { neighbours: [egress(resolver)] })).toEqual([
      "the internet is open for egress over IPv4 only, although other policies of the namespace name IPv6 addresses: connections over IPv6 are refused",
    ]);
    expect(
      messageOf(egress(v4, resolver), { parameters: { clusterCIDRs: ["10.96.0.0/12"] } }),
    ).toEqual([]);
  });

  it("takes two halves for the whole", () => {
    const halves = ["0.0.0.0/1", "128.0.0.0/1"].map((cidr) => ({ ipBlock: { cidr } }));
    expect(places(oneFamilyOnly, egress({ to: halves }), dualStack)).toEqual(["spec.egress[0].to"]);
    const global = { to: [{ ipBlock: { cidr: "2000::/3" } }] };
    expect(places(oneFamilyOnly, egress(global), dualStack)).toEqual(["spec.egress[0].to"]);
  });

  it.each<readonly [string, NetworkPolicySpec, Around]>([
    ["a cluster of which nothing is known", egress(v4), {}],
    ["a cluster with one family", egress(v4), { parameters: { clusterCIDRs: ["10.96.0.0/12"] } }],
    ["both in one rule", egress({ to: [...(v4.to ?? []), ...(v6.to ?? [])] }), dualStack],
    ["both in two rules", egress(v4, v6), dualStack],
    ["everyone", egress(v4, { ports: [{ port: 443 }] }), dualStack],
    ["a neighbour with the other one", egress(v4), { ...dualStack, neighbours: [egress(v6)] }],
    [
      "a rule that names narrow blocks of the other family",
      egress({ to: [...(v4.to ?? []), { ipBlock: { cidr: "2001:db8::/32" } }] }),
      dualStack,
    ],
    ["narrow blocks", egress({ to: [{ ipBlock: { cidr: "203.0.113.0/24" } }] }), dualStack],
    ["private blocks", egress({ to: [{ ipBlock: { cidr: "fc00::/7" } }] }), dualStack],
    ["pods", egress({ to: [{ namespaceSelector: {} }] }), dualStack],
  ])("stays silent about %s", (_, spec, around) => {
    expect(inspect(oneFamilyOnly, spec, around)).toEqual([]);
  });

  it("does not take the other family on other ports for an answer", () => {
    const elsewhere = { ...v6, ports: [{ port: 80 }] };
    expect(places(oneFamilyOnly, egress(v4, elsewhere), dualStack)).toEqual([
      "spec.egress[0].to",
      "spec.egress[1].to",
    ]);
    const named = { ...v6, ports: [{ port: "https" }, { port: 443 }] };
    expect(places(oneFamilyOnly, egress(v4, named), dualStack)).toEqual([]);
  });
});
