import { describe, expect, test } from "vitest";
import type { NetworkPolicy } from "../../../../src/api/networkpolicy.ts";
import {
  type Connection,
  type End,
  explainConnection,
} from "../../../../src/netpol/exposure/connection.ts";
import { exposure } from "../../../../src/netpol/exposure/exposure.ts";
import type { Pod } from "../../../../src/netpol/exposure/input.ts";
import { compileCluster } from "../../../../src/netpol/exposure/cluster.ts";
import {
  api,
  clusterOf,
  host,
  monitor,
  policyOf,
  stranger,
  verdict,
  web,
} from "../../../support/smallcluster.ts";

const depends = "depends on the network plugin";
const denyAll = policyOf({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }, "deny-all");
const allowAll = policyOf(
  { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] },
  "allow-all",
);

function block(cidr: string): NetworkPolicy {
  return policyOf({ ingress: [{ from: [{ ipBlock: { cidr } }] }] });
}

function ping(networkPolicies: readonly NetworkPolicy[]): Connection {
  return explainConnection(clusterOf(networkPolicies), { from: api, to: web, protocol: "ICMP" });
}

describe("what the API leaves to the network plugin", () => {
  const rows: readonly [string, readonly NetworkPolicy[], End, End, string, readonly string[]][] = [
    ["a pod on the host's network as a peer", [denyAll], host, web, depends, ["host-network"]],
    ["the same, admitted like everyone", [allowAll], host, web, "allowed", []],
    ["a pod to itself", [denyAll], web, web, depends, ["loop-back"]],
    ["a pod to itself by address", [denyAll], web, { address: "10.0.0.1" }, depends, ["loop-back"]],
    ["a loop-back address", [denyAll], { address: "127.0.0.1" }, web, depends, ["loop-back"]],
    ["a pod to itself where that is admitted", [allowAll], web, web, "allowed", []],
    ["a pod inside a block", [block("10.0.0.0/8")], monitor, web, depends, ["pod-in-block"]],
    ["a pod outside the block", [block("10.0.0.0/24")], monitor, web, "denied", []],
    [
      "a pod whose address is not known",
      [block("10.0.0.0/8")],
      stranger,
      web,
      depends,
      ["unknown-address"],
    ],
    ["its own node", [denyAll], { address: "192.168.0.1" }, web, "allowed", []],
    ["another node", [denyAll], { address: "192.168.0.2" }, web, "denied", []],
    [
      "to its own node",
      [denyAll],
      web,
      { address: "192.168.0.1" },
      depends,
      ["host-network", "own-node"],
    ],
  ];
  test.each(rows)("%s", (_, networkPolicies, from, to, expected, doubts) => {
    const {
      verdict: got,
      egress,
      ingress,
    } = explainConnection(clusterOf(networkPolicies), {
      from,
      to,
      protocol: "TCP",
      port: 80,
    });
    expect(got).toBe(expected);
    const all = [...(egress?.doubts ?? []), ...(ingress?.doubts ?? [])];
    expect([...new Set(all)]).toEqual(doubts);
  });

  test("a policy that selects a pod on the host's network may be ignored", () => {
    const denyThere = policyOf({ podSelector: {} }, "deny-all", "monitoring");
    const cluster = clusterOf([denyThere]);
    expect(verdict(cluster, web, host, 80)).toBe(depends);
    expect(verdict(cluster, web, monitor, 80)).toBe("denied");
    expect(exposure(cluster, host, "ingress")?.doubts).toEqual(["host-network"]);
  });

  test("ICMP is undefined wherever a policy isolates, open where none does", () => {
    expect(ping([]).verdict).toBe("allowed");
    expect(ping([denyAll]).verdict).toBe(depends);
    expect(ping([allowAll]).verdict).toBe(depends);
    expect(ping([denyAll]).ingress?.doubts).toEqual(["ICMP"]);
  });

  test("a name that two containers give to different ports stands for no one number", () => {
    const twice: Pod = {
      ...web,
      ports: [
        { name: "http", containerPort: 80 },
        { name: "http", containerPort: 81, protocol: "TCP" },
      ],
    };
    const cluster = clusterOf(
      [policyOf({ ingress: [{ ports: [{ port: "http" }] }] })],
      [twice, api],
    );
    expect(verdict(cluster, api, web, 80)).toBe(depends);
    expect(verdict(cluster, api, web, 82)).toBe("denied");
  });

  test("a name beside an address means nothing to the API, and something to some plugins", () => {
    const named = { to: [{ ipBlock: { cidr: "203.0.113.0/24" } }], ports: [{ port: "http" }] };
    const cluster = clusterOf([policyOf({ policyTypes: ["Egress"], egress: [named] })]);
    expect(verdict(cluster, web, { address: "203.0.113.9" }, 8080)).toBe(depends);
    expect(verdict(cluster, web, { address: "203.0.114.9" }, 8080)).toBe("denied");
  });
});

describe("what cannot be evaluated", () => {
  const sideways = policyOf({ policyTypes: ["Sideways"] }, "sideways");
  const unread = {
    kind: "NetworkPolicy",
    namespace: "shop",
    name: "sideways",
    path: "spec.policyTypes[0]",
    message: "is a policy type this version does not know",
  };

  test("a policy that cannot be read is listed, and may isolate a pod that is open without it", () => {
    const cluster = clusterOf([sideways]);
    expect(cluster.notEvaluated).toEqual([unread]);
    const { verdict: got, ingress } = explainConnection(cluster, {
      from: stranger,
      to: web,
      protocol: "TCP",
      port: 80,
    });
    expect(got).toBe("not evaluated");
    expect(ingress?.notEvaluated).toEqual([unread]);
    expect(verdict(cluster, stranger, monitor, 80)).toBe("allowed");
  });

  test("it may admit what others do not, and cannot take back what they do", () => {
    expect(verdict(clusterOf([denyAll, sideways]), stranger, web, 80)).toBe("not evaluated");
    expect(verdict(clusterOf([allowAll, sideways]), stranger, web, 80)).toBe("allowed");
  });

  test("what the other end denies stays denied", () => {
    const denyThere = policyOf({ policyTypes: ["Egress"] }, "deny-all", "other");
    expect(verdict(clusterOf([denyThere, sideways]), stranger, web, 80)).toBe("denied");
  });

  const broken: readonly [string, NetworkPolicy, string][] = [
    ["an empty peer", policyOf({ ingress: [{ from: [{}] }] }), "spec.ingress[0].from[0]"],
    [
      "a block that is none",
      policyOf({ ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0" } }] }] }),
      "spec.ingress[0].from[0].ipBlock.cidr",
    ],
    [
      "a label that no pod can have",
      policyOf({ podSelector: { matchLabels: { app: "a b" } } }),
      "spec.podSelector.matchLabels",
    ],
    ["another kind", { ...policyOf({}), kind: "Pod" }, "kind"],
  ];
  test.each(broken)("a policy with %s", (_, networkPolicy, path) => {
    expect(clusterOf([networkPolicy]).notEvaluated.map((one) => one.path)).toEqual([path]);
  });

  test("two objects of one name: the first counts, the second is not evaluated", () => {
    const { notEvaluated } = compileCluster({
      networkPolicies: [policyOf({}), policyOf({})],
      namespaces: [{ name: "shop" }, { name: "shop" }],
      pods: [web, web],
    });
    expect(notEvaluated.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "NetworkPolicy metadata.name",
      "Namespace name",
      "Pod name",
    ]);
  });

  const pods: readonly [string, Pod, string][] = [
    ["in a namespace that was not given", { ...web, namespace: "elsewhere" }, "namespace"],
    ["with an address that is none", { ...web, addresses: ["10.0.0.256"] }, "addresses[0]"],
    ["with a node address that is none", { ...web, hostAddresses: ["node-1"] }, "hostAddresses[0]"],
    [
      "with a port that is none",
      { ...web, ports: [{ name: "http", containerPort: 0 }] },
      "ports[0].containerPort",
    ],
    [
      "with an unknown protocol",
      { ...web, ports: [{ containerPort: 1, protocol: "X" }] },
      "ports[0].protocol",
    ],
  ];
  test.each(pods)("a pod %s", (_, pod, path) => {
    const cluster = clusterOf([], [pod, api]);
    expect(cluster.notEvaluated.map((one) => one.path)).toEqual([path]);
    expect(exposure(cluster, pod, "ingress")).toBe(undefined);
    const { problems } = explainConnection(cluster, {
      from: api,
      to: pod,
      protocol: "TCP",
      port: 1,
    });
    expect(problems).toEqual([`no pod ${pod.namespace}/web was evaluated`]);
  });

  const questions: readonly [string, End, End, number, string][] = [
    [
      "two addresses",
      { address: "8.8.8.8" },
      { address: "8.8.4.4" },
      1,
      "neither end is a pod that is known",
    ],
    ["no address", { address: "web" }, web, 1, '"web" is not an IP address'],
    ["no port", api, web, 0, "the port must be 1 to 65535"],
    [
      "loop-back of nobody",
      { address: "127.0.0.1" },
      { address: "::1" },
      1,
      "a loop-back address needs a pod",
    ],
  ];
  test.each(questions)("a question about %s", (_, from, to, port, problem) => {
    const answer = explainConnection(clusterOf([]), { from, to, port, protocol: "TCP" });
    expect(answer.verdict).toBe("not evaluated");
    expect(answer.problems).toContain(problem);
  });

  test("an address of two pods is none of them", () => {
    const cluster = clusterOf([], [web, { ...api, addresses: ["10.0.0.1"] }]);
    const { problems } = explainConnection(cluster, {
      from: { address: "10.0.0.1" },
      to: web,
      protocol: "TCP",
      port: 1,
    });
    expect(problems).toEqual(["more than one pod has the address 10.0.0.1: shop/web, shop/api"]);
  });
});
