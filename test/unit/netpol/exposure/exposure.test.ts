import { expect, test } from "vitest";
import type { Peer, Port } from "../../../../src/api/networkpolicy.ts";
import { compileCluster } from "../../../../src/netpol/exposure/cluster.ts";
import { explainConnection } from "../../../../src/netpol/exposure/connection.ts";
import { exposure } from "../../../../src/netpol/exposure/exposure.ts";
import { createMatrix } from "../../../../src/netpol/exposure/matrix.ts";
import { everyPort, type PortSet, protocols } from "../../../../src/netpol/ports.ts";
import { api, clusterOf, monitor, policyOf, stranger, web } from "../../../support/smallcluster.ts";

const policy = { namespace: "shop", name: "one" };

function textOf(set: PortSet): string {
  return protocols
    .flatMap((protocol) => {
      const { numbers, names } = set[protocol];
      const spans = numbers.map(({ lo, hi }) => `${lo}-${hi}`);
      return spans.concat([...names]).map((port) => `${protocol} ${port}`);
    })
    .join(", ");
}

function block(cidr: string, except: readonly string[] = []): Peer {
  return { ipBlock: { cidr, except } };
}

function from(cidr: string, ports: readonly Port[]) {
  return { from: [block(cidr)], ports };
}

test("an open pod admits everyone, by no rule", () => {
  const { isolated, everyone, pods, addresses } = exposure(clusterOf([]), web, "ingress") ?? {};
  expect({ isolated, everyone, pods, addresses }).toEqual({
    isolated: false,
    everyone: { ports: everyPort, perhaps: expect.anything(), missing: [], rules: [] },
    pods: [],
    addresses: [],
  });
});

test("pods are told by what selects them, with their ports and every rule that says so", () => {
  const ops = { namespaceSelector: { matchLabels: { team: "ops" } } };
  const same = {
    namespaceSelector: { matchExpressions: [{ key: "team", operator: "In", values: ["ops"] }] },
  };
  const cluster = clusterOf([
    policyOf({
      podSelector: {},
      ingress: [
        {
          from: [ops, { podSelector: { matchLabels: { app: "api" } } }],
          ports: [{ port: "http" }],
        },
        { from: [same], ports: [{ port: 9090 }, { port: "metrics" }] },
      ],
    }),
  ]);
  const { pods = [] } = exposure(cluster, web, "ingress") ?? {};
  expect(
    pods.map(({ who, ports, missing, rules }) => ({ who, ports: textOf(ports), missing, rules })),
  ).toEqual([
    {
      who: "any pod in namespaces matching team=ops",
      ports: "TCP 8080-8080, TCP 9090-9090",
      missing: [{ protocol: "TCP", port: "metrics" }],
      rules: [
        { policy, path: "spec.ingress[0].from[0]" },
        { policy, path: "spec.ingress[1].from[0]" },
      ],
    },
    {
      who: "pods matching app=api in namespace shop",
      ports: "TCP 8080-8080",
      missing: [],
      rules: [{ policy, path: "spec.ingress[0].from[1]" }],
    },
  ]);
});

test("addresses are what is left after excepts, one entry for each list of ports", () => {
  const cluster = clusterOf([
    policyOf({
      policyTypes: ["Egress"],
      egress: [
        { to: [block("203.0.113.0/25"), block("203.0.113.128/25", ["203.0.113.128/26"])] },
        { to: [block("fd00::/64")], ports: [{ port: 443 }, { port: "http" }] },
      ],
    }),
  ]);
  const { addresses = [] } = exposure(cluster, web, "egress") ?? {};
  expect(
    addresses.map(({ family, cidrs, ports, rules }) => ({
      family,
      cidrs,
      ports: textOf(ports),
      rules: rules.length,
    })),
  ).toEqual([
    {
      family: 4,
      cidrs: ["203.0.113.0/25", "203.0.113.192/26"],
      ports: "TCP 1-65535, UDP 1-65535, SCTP 1-65535",
      rules: 2,
    },
    { family: 6, cidrs: ["fd00::/64"], ports: "TCP 443-443, TCP http", rules: 1 },
  ]);
});

test("addresses with other ports, or by a name that a pod may give twice, have entries of their own", () => {
  const twice = {
    ...web,
    ports: [80, 81].map((containerPort) => ({ name: "http", containerPort })),
  };
  const ingress = [
    from("203.0.113.0/32", [{ port: 443 }]),
    from("203.0.113.1/32", [{ port: 80 }]),
    from("203.0.113.2/32", [{ port: 443 }, { port: "http" }]),
    from("203.0.113.3/32", [{ port: 443 }]),
    from("203.0.113.4/32", [{ port: 443, protocol: "UDP" }]),
    from("010.0.0.0/8", [{ port: 443 }]),
  ];
  const { addresses = [] } =
    exposure(clusterOf([policyOf({ ingress })], [twice, api]), web, "ingress") ?? {};
  expect(
    addresses.map(({ cidrs, ports, perhaps, ambiguous }) => ({
      cidrs: cidrs.join(),
      ports: textOf(ports),
      perhaps: textOf(perhaps),
      ambiguous,
    })),
  ).toEqual([
    { cidrs: "203.0.113.0/32,203.0.113.3/32", ports: "TCP 443-443", perhaps: "", ambiguous: false },
    { cidrs: "203.0.113.1/32", ports: "TCP 80-80", perhaps: "", ambiguous: false },
    { cidrs: "203.0.113.2/32", ports: "TCP 443-443", perhaps: "TCP 80-81", ambiguous: false },
    { cidrs: "203.0.113.4/32", ports: "UDP 443-443", perhaps: "", ambiguous: false },
    { cidrs: "10.0.0.0/8", ports: "TCP 443-443", perhaps: "", ambiguous: true },
  ]);
});

test("a pod is not among those that it knows, one of its name elsewhere and others beside it are", () => {
  const namesake = { ...stranger, name: "web" };
  const { known = [] } =
    exposure(clusterOf([], [web, api, namesake, stranger]), web, "ingress") ?? {};
  expect(known.flatMap(({ pods }) => pods)).toEqual([
    { namespace: "shop", name: "api" },
    { namespace: "other", name: "web" },
    { namespace: "other", name: "stranger" },
  ]);
});

test("known pods are listed with what their own policies leave of it", () => {
  const cluster = clusterOf([
    policyOf({
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 80 }, { port: 81 }] }],
    }),
    policyOf(
      { policyTypes: ["Egress"], egress: [{ ports: [{ port: 81 }] }] },
      "less",
      "monitoring",
    ),
  ]);
  const { known = [] } = exposure(cluster, web, "ingress") ?? {};
  const entry = known.find(({ pods }) => pods.some(({ name }) => name === "monitor"));
  expect(textOf(entry?.reach.allowed ?? everyPort)).toBe("TCP 80-81");
  expect(textOf(entry?.both.allowed ?? everyPort)).toBe("TCP 81-81");
  expect(entry?.rules).toEqual([{ policy, path: "spec.ingress[0]" }]);
});

test("known pods are listed with the rules that open a port of theirs, or a name that stands for one", () => {
  const named = [{ port: "http" }];
  const cluster = clusterOf([
    policyOf({
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: named }, { ports: [{ port: "metrics" }] }],
      egress: [{ to: [{ namespaceSelector: {} }], ports: named }],
    }),
  ]);
  function known(direction: "ingress" | "egress"): readonly string[] {
    return (exposure(cluster, web, direction)?.known ?? []).map(
      ({ pods, reach, rules }) =>
        `${pods.map(({ name }) => name).join()} ${textOf(reach.allowed)} by ${rules.map(({ path }) => path).join()}`,
    );
  }
  expect(known("ingress")).toEqual([
    "api TCP 8080-8080 by spec.ingress[0]",
    "monitor TCP 8080-8080 by spec.ingress[0]",
    "host TCP 8080-8080 by spec.ingress[0]",
    "stranger TCP 8080-8080 by spec.ingress[0]",
  ]);
  expect(known("egress")).toEqual(["api TCP 9000-9000 by spec.egress[0]", "host  by "]);
});

test("a connection names the peers that admit it, and the policies that isolate", () => {
  const cluster = clusterOf([
    policyOf({ ingress: [{ from: [{ podSelector: {} }, { namespaceSelector: {} }] }, {}] }),
    policyOf({ podSelector: {} }, "deny"),
  ]);
  const { egress, ingress } = explainConnection(cluster, {
    from: monitor,
    to: web,
    protocol: "UDP",
    port: 9,
  });
  expect(egress?.isolatedBy).toEqual([]);
  expect(ingress?.isolatedBy.map(({ name }) => name)).toEqual(["one", "deny"]);
  expect(ingress?.rules.map(({ path }) => path)).toEqual([
    "spec.ingress[0].from[1]",
    "spec.ingress[1]",
  ]);
});

test("pods that no policy tells apart are one class, whatever else differs", () => {
  const pods = Array.from({ length: 6 }, (_, index) => ({
    ...web,
    name: `web-${index}`,
    labels: { app: index < 4 ? "web" : `other-${index}`, "pod-template-hash": `${index}` },
    ports: [{ name: `p${index}`, containerPort: 1000 + index }],
    addresses: [`10.0.0.${index + 1}`],
  }));
  const cluster = clusterOf(
    [
      policyOf({
        podSelector: { matchLabels: { app: "web" } },
        ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.1/32" } }] }],
      }),
    ],
    pods,
  );
  const { classes } = createMatrix(cluster);
  expect(classes.map((one) => one.pods.map(({ pod }) => pod.name))).toEqual([
    ["web-0"],
    ["web-1", "web-2", "web-3"],
    ["web-4", "web-5"],
  ]);
});

test("a class that does not exist has no row", () => {
  const matrix = createMatrix(
    compileCluster({ networkPolicies: [], namespaces: [{ name: "shop" }], pods: [api] }),
  );
  expect([...matrix.row(0)].map((id) => textOf(matrix.reach(id).allowed))).toEqual([
    textOf(everyPort),
  ]);
  expect(() => matrix.row(1)).toThrow(new RangeError("no class 1"));
});
