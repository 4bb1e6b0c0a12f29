import { describe, expect, it } from "vitest";
import type {
  EgressRule,
  LabelSelector,
  NetworkPolicySpec,
} from "../../../src/api/networkpolicy.ts";
import { noDnsPath } from "../../../src/warnings/no-dns-path/warning.ts";
import { inspect, places, web } from "./inspecting.ts";

const database: EgressRule = {
  to: [{ podSelector: { matchLabels: { app: "database" } } }],
  ports: [{ port: 5432 }],
};

function egress(...rules: readonly EgressRule[]): NetworkPolicySpec {
  return { podSelector: web, policyTypes: ["Egress"], egress: rules };
}

describe("no-dns-path", () => {
  it("tells of egress that is open for something, but not for DNS", () => {
    expect(inspect(noDnsPath, egress(database))).toEqual([
      {
        path: "spec.egress",
        message:
          "egress is limited to TCP 5432, and no rule in this policy lets DNS (port 53 or 5353) through: the pods cannot look up names",
        fix: "Allow UDP 53 and TCP 53 to the DNS pods, in this policy or in one for the whole namespace: to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}].",
      },
    ]);
  });

  it("speaks of all policies where it knows them", () => {
    const [advice] = inspect(noDnsPath, egress(database), {
      neighbours: [{ podSelector: {}, policyTypes: ["Egress"] }],
    });
    expect(advice?.message).toBe(
      "egress is limited to TCP 5432, and no known policy for these pods lets DNS (port 53 or 5353) through: the pods cannot look up names",
    );
  });

  it.each<readonly [string, NetworkPolicySpec]>([
    ["a deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }],
    ["egress rules that have no effect", { ...egress(database), policyTypes: ["Ingress"] }],
    ["rules that let nobody out", egress({ to: [{ ipBlock: nothing() }], ports: [{ port: 443 }] })],
    ["UDP 53", egress(database, { ports: [{ protocol: "UDP", port: 53 }] })],
    ["TCP 53", egress(database, { to: [{ podSelector: {} }], ports: [{ port: 53 }] })],
    ["another port of DNS", egress(database, { ports: [{ protocol: "UDP", port: 5353 }] })],
    ["a range", egress(database, { ports: [{ protocol: "UDP", port: 1, endPort: 100 }] })],
    ["a whole protocol", egress(database, { ports: [{ protocol: "UDP" }] })],
    ["every port", egress({ to: [{ podSelector: {} }] })],
    ["a named port", egress(database, { ports: [{ protocol: "UDP", port: "dns" }] })],
    ["another named port", egress(database, { ports: [{ port: "dns-tcp" }] })],
  ])("stays silent about %s", (_, spec) => {
    expect(inspect(noDnsPath, spec)).toEqual([]);
  });

  it("counts what neighbours allow only where they select all of the pods", () => {
    const dns: NetworkPolicySpec = {
      ...egress({ ports: [{ protocol: "UDP", port: 53 }] }),
      podSelector: {},
    };
    const neighbours = (podSelector: LabelSelector) => ({
      neighbours: [{ ...dns, podSelector }],
    });
    expect(places(noDnsPath, egress(database), neighbours({}))).toEqual([]);
    expect(places(noDnsPath, egress(database), neighbours(web))).toEqual([]);
    expect(
      places(noDnsPath, egress(database), neighbours({ matchLabels: { app: "api" } })),
    ).toEqual(["spec.egress"]);
    expect(
      places(noDnsPath, egress(database), {
        neighbours: [{ ...dns, policyTypes: ["Ingress"] }],
      }),
    ).toEqual(["spec.egress"]);
  });

  it("does not take SCTP for DNS, nor a rule that lets nobody out", () => {
    const sctp: EgressRule = { ports: [{ protocol: "SCTP", port: 53 }] };
    const empty: EgressRule = { to: [{ ipBlock: nothing() }], ports: [{ port: 53 }] };
    expect(places(noDnsPath, egress(database, sctp, empty))).toEqual(["spec.egress"]);
  });
});

function nothing() {
  return { cidr: "10.0.0.0/31", except: ["10.0.0.0/32", "10.0.0.1/32"] };
}
