import { describe, expect, test } from "vitest";
import type {
  LabelSelector,
  NetworkPolicySpec,
  Peer,
  Port,
} from "../../../../src/api/networkpolicy.ts";
import { exposure } from "../../../../src/netpol/exposure/exposure.ts";
import {
  api,
  clusterOf,
  openPorts,
  policyOf,
  verdict,
  web,
  whoGetsIn,
} from "../../../support/smallcluster.ts";

const everyone = ["api", "monitor", "stranger"];
const allowAll = [{}];

describe("what a policy isolates", () => {
  const rows: readonly [string, NetworkPolicySpec, ingress: boolean, egress: boolean][] = [
    ["no pod selector", {}, true, false],
    ["a null pod selector", { podSelector: null }, true, false],
    ["an empty pod selector", { podSelector: {} }, true, false],
    ["empty labels", { podSelector: { matchLabels: {} } }, true, false],
    ["empty expressions", { podSelector: { matchExpressions: [] } }, true, false],
    ["another pod's labels", { podSelector: { matchLabels: { app: "api" } } }, false, false],
    ["no types and no egress", { policyTypes: [] }, true, false],
    ["no types and an empty egress", { egress: [] }, true, false],
    ["no types and an egress rule", { egress: allowAll }, true, true],
    ["null types and an egress rule", { policyTypes: null, egress: allowAll }, true, true],
    [
      "ingress only, with egress rules",
      { policyTypes: ["Ingress"], egress: allowAll },
      true,
      false,
    ],
    [
      "egress only, with ingress rules",
      { policyTypes: ["Egress"], ingress: allowAll },
      false,
      true,
    ],
    ["both types", { policyTypes: ["Ingress", "Egress"] }, true, true],
  ];
  test.each(rows)("%s", (_, spec, ingress, egress) => {
    const cluster = clusterOf([policyOf(spec)]);
    expect(exposure(cluster, web, "ingress")?.isolated).toBe(ingress);
    expect(exposure(cluster, web, "egress")?.isolated).toBe(egress);
  });

  test("a policy selects pods of its own namespace only", () => {
    const cluster = clusterOf([policyOf({ podSelector: {} }, "one", "other")]);
    expect(exposure(cluster, web, "ingress")?.isolated).toBe(false);
  });
});

describe("what rules admit", () => {
  const rows: readonly [string, NetworkPolicySpec["ingress"], readonly string[]][] = [
    ["no list", undefined, []],
    ["a null list", null, []],
    ["an empty list", [], []],
    ["an empty rule", [{}], everyone],
    ["a null rule", [null], everyone],
    ["no peers", [{ ports: [{ port: 8080 }] }], everyone],
    ["null peers", [{ from: null }], everyone],
    ["empty peers", [{ from: [] }], everyone],
  ];
  test.each(rows)("%s", (_, ingress, expected) => {
    expect(whoGetsIn(clusterOf([policyOf(ingress === undefined ? {} : { ingress })]))).toEqual(
      expected,
    );
  });

  test("rules of a direction that is not in the types admit nothing", () => {
    const dead = policyOf({ policyTypes: ["Egress"], ingress: allowAll }, "dead");
    expect(whoGetsIn(clusterOf([policyOf({ podSelector: {} }), dead]))).toEqual([]);
  });

  test("several policies admit what any of them admits", () => {
    const own = policyOf({ ingress: [{ from: [{ podSelector: {} }] }] }, "own");
    const ops = { namespaceSelector: { matchLabels: { team: "ops" } } };
    const other = policyOf({ ingress: [{ from: [ops] }] }, "ops");
    expect(whoGetsIn(clusterOf([own, other, policyOf({})]))).toEqual(["api", "monitor"]);
  });

  test("a connection needs both ends", () => {
    const shut = policyOf({
      podSelector: { matchLabels: { app: "api" } },
      policyTypes: ["Egress"],
    });
    expect(whoGetsIn(clusterOf([shut]))).toEqual(["monitor", "stranger"]);
    expect(verdict(clusterOf([shut]), web, api, 80)).toBe("allowed");
  });
});

describe("whom a peer selects", () => {
  const prometheus = { matchLabels: { app: "prometheus" } };
  const ops = { matchLabels: { team: "ops" } };
  const rows: readonly [string, readonly Peer[], readonly string[]][] = [
    ["every pod of the own namespace", [{ podSelector: {} }], ["api"]],
    [
      "the same, with a null namespace selector",
      [{ podSelector: {}, namespaceSelector: null }],
      ["api"],
    ],
    ["pods elsewhere are not in the own namespace", [{ podSelector: prometheus }], []],
    ["every namespace", [{ namespaceSelector: {} }], everyone],
    [
      "every namespace, in another spelling",
      [{ namespaceSelector: { matchExpressions: [] } }],
      everyone,
    ],
    ["namespaces by label", [{ namespaceSelector: ops }], ["monitor"]],
    [
      "namespaces by name",
      [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } } }],
      ["stranger"],
    ],
    [
      "one item: both must match",
      [{ namespaceSelector: { matchLabels: { team: "shop" } }, podSelector: prometheus }],
      [],
    ],
    ["two items: either", [{ namespaceSelector: ops }, { podSelector: {} }], ["api", "monitor"]],
    ["a null pod selector is none", [{ namespaceSelector: ops, podSelector: null }], ["monitor"]],
  ];
  test.each(rows)("%s", (_, from, expected) => {
    expect(whoGetsIn(clusterOf([policyOf({ ingress: [{ from }] })]))).toEqual(expected);
  });
});

describe("how a selector reads labels", () => {
  const rows: readonly [string, LabelSelector, readonly string[]][] = [
    ["equal", { matchLabels: { app: "api" } }, ["api"]],
    ["equal to nothing needs the label", { matchLabels: { tier: "" } }, ["api"]],
    [
      "In",
      { matchExpressions: [{ key: "app", operator: "In", values: ["api", "prometheus"] }] },
      ["api", "monitor"],
    ],
    [
      "NotIn takes pods without the label",
      { matchExpressions: [{ key: "app", operator: "NotIn", values: ["api"] }] },
      ["monitor", "stranger"],
    ],
    ["Exists", { matchExpressions: [{ key: "tier", operator: "Exists" }] }, ["api"]],
    [
      "DoesNotExist",
      { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
      ["stranger"],
    ],
    [
      "all at once",
      {
        matchLabels: { app: "api" },
        matchExpressions: [{ key: "tier", operator: "DoesNotExist" }],
      },
      [],
    ],
    ["a key of every object", { matchExpressions: [{ key: "toString", operator: "Exists" }] }, []],
  ];
  test.each(rows)("%s", (_, podSelector, expected) => {
    const from = [{ namespaceSelector: {}, podSelector }];
    expect(whoGetsIn(clusterOf([policyOf({ ingress: [{ from }] })]))).toEqual(expected);
  });
});

describe("which ports are open", () => {
  const some = [1, 80, 8080, 9000, 65_535];
  const tcp = some.map((port) => `TCP ${port}`);
  const udp = some.map((port) => `UDP ${port}`);
  const sctp = some.map((port) => `SCTP ${port}`);
  const rows: readonly [string, readonly Port[] | null, readonly string[]][] = [
    ["a null list", null, [...tcp, ...udp, ...sctp]],
    ["an empty list", [], [...tcp, ...udp, ...sctp]],
    ["an empty entry", [{}], tcp],
    ["a protocol", [{ protocol: "UDP" }], udp],
    ["a number", [{ port: 80 }], ["TCP 80"]],
    ["a number of a protocol", [{ protocol: "SCTP", port: 80 }], ["SCTP 80"]],
    ["a range", [{ port: 80, endPort: 8080 }], ["TCP 80", "TCP 8080"]],
    [
      "a name: the number that it has on the pod that is selected",
      [{ port: "http" }],
      ["TCP 8080"],
    ],
    ["a name of another protocol", [{ protocol: "UDP", port: "http" }], []],
    ["a name that the pod does not have", [{ port: "metrics" }], []],
    ["a name and a number", [{ port: "http" }, { port: 1 }], ["TCP 1", "TCP 8080"]],
  ];
  test.each(rows)("%s", (_, ports, expected) => {
    expect(openPorts(clusterOf([policyOf({ ingress: [{ ports }] })]), some)).toEqual(expected);
  });

  test("a name on egress is looked up on each destination", () => {
    const cluster = clusterOf([
      policyOf({
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ ports: [{ port: "http" }] }],
      }),
    ]);
    expect(verdict(cluster, web, api, 9000)).toBe("allowed");
    expect(verdict(cluster, web, api, 8080)).toBe("denied");
    expect(verdict(cluster, api, web, 8080)).toBe("allowed");
    expect(verdict(cluster, api, web, 9000)).toBe("denied");
  });
});

describe("which addresses a block holds", () => {
  const rows: readonly [string, string, readonly string[], string, string][] = [
    ["inside", "203.0.113.0/24", [], "203.0.113.9", "allowed"],
    ["beside", "203.0.113.0/24", [], "203.0.114.9", "denied"],
    ["in an except", "203.0.113.0/24", ["203.0.113.8/29"], "203.0.113.9", "denied"],
    ["next to an except", "203.0.113.0/24", ["203.0.113.8/29"], "203.0.113.16", "allowed"],
    ["all of IPv4 says nothing of IPv6", "0.0.0.0/0", [], "2001:db8::1", "denied"],
    ["all of IPv6 says nothing of IPv4", "::/0", [], "203.0.113.9", "denied"],
    ["a mapped address is the IPv4 address", "203.0.113.0/24", [], "::ffff:203.0.113.9", "allowed"],
    ["a translated block is IPv6", "64:ff9b::/96", [], "203.0.113.9", "denied"],
    ["a translated block holds its addresses", "64:ff9b::/96", [], "64:ff9b::cb00:7109", "allowed"],
    ["an except of translated addresses", "::/0", ["64:ff9b::/96"], "64:ff9b::1", "denied"],
    ["octal for some readers", "010.0.0.0/8", [], "10.9.9.9", "depends on the network plugin"],
    [
      "octal for some readers, elsewhere",
      "010.0.0.0/8",
      [],
      "8.9.9.9",
      "depends on the network plugin",
    ],
  ];
  test.each(rows)("%s", (_, cidr, except, address, expected) => {
    const cluster = clusterOf([policyOf({ ingress: [{ from: [{ ipBlock: { cidr, except } }] }] })]);
    expect(verdict(cluster, { address }, web, 80)).toBe(expected);
  });

  test("a peer that selects pods admits no address, no peer at all admits every one", () => {
    const pods = clusterOf([policyOf({ ingress: [{ from: [{ namespaceSelector: {} }] }] })]);
    const all = clusterOf([policyOf({ ingress: [{}] })]);
    expect(verdict(pods, { address: "203.0.113.9" }, web, 80)).toBe("denied");
    expect(verdict(all, { address: "203.0.113.9" }, web, 80)).toBe("allowed");
    expect(verdict(all, { address: "2001:db8::1" }, web, 80)).toBe("allowed");
  });
});
