import { expect, test } from "vitest";
import { exposure } from "../../../../src/netpol/exposure/exposure.ts";
import { createMatrix } from "../../../../src/netpol/exposure/matrix.ts";
import { admits, emptyPorts, everyPort, portsOf } from "../../../../src/netpol/ports.ts";
import { api, clusterOf, host, monitor, policyOf, web } from "../../../support/smallcluster.ts";

const twice = { ...web, ports: [80, 81].map((containerPort) => ({ name: "http", containerPort })) };
const one = { namespace: "shop", name: "one" };

function tcp(...numbers: readonly bigint[]) {
  return {
    ...emptyPorts,
    TCP: portsOf(
      numbers.map((lo) => ({ lo, hi: lo })),
      [],
    ),
  };
}

test("a rule without peers opens its ports to everyone, and says which rule it is", () => {
  const ingress = [
    { ports: [{ port: 443 }, { port: "http" }, { port: "metrics" }] },
    { ports: [{ port: 80 }] },
  ];
  const answer = exposure(clusterOf([policyOf({ ingress })], [twice, api]), web, "ingress");
  expect(answer?.everyone).toEqual({
    ports: tcp(80n, 443n),
    perhaps: tcp(81n),
    missing: [{ protocol: "TCP", port: "metrics" }],
    rules: [
      { policy: one, path: "spec.ingress[0]" },
      { policy: one, path: "spec.ingress[1]" },
    ],
  });
  expect({ pod: answer?.pod, pods: answer?.pods, addresses: answer?.addresses }).toEqual({
    pod: { namespace: "shop", name: "web" },
    pods: [],
    addresses: [],
  });
});

test("nobody is everyone where each rule has peers, and everybody where nothing isolates", () => {
  const shut = clusterOf([policyOf({ ingress: [{ from: [{ podSelector: {} }] }] })]);
  expect(exposure(shut, web, "ingress")?.everyone).toBe(undefined);
  expect(exposure(shut, web, "egress")?.everyone).toEqual({
    ports: everyPort,
    perhaps: emptyPorts,
    missing: [],
    rules: [],
  });
});

test("only policies that select a pod on the host's network are in doubt", () => {
  const cluster = clusterOf([policyOf({}, "deny", "monitoring"), policyOf({})]);
  expect(
    [host, monitor, web].map((pod) => [
      exposure(cluster, pod, "ingress")?.doubts,
      exposure(cluster, pod, "egress")?.doubts,
    ]),
  ).toEqual([
    [["host-network"], []],
    [[], []],
    [[], []],
  ]);
});

test("a name that stands for two ports opens neither for certain, to pods as to everyone", () => {
  const rules = [{ ports: [{ port: "http" }] }];
  const spec = {
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
    ingress: rules,
    egress: rules,
  };
  const cluster = clusterOf([policyOf(spec)], [twice, api, monitor]);
  const { classes, row, reach } = createMatrix(cluster);
  const at = (name: string) =>
    classes.findIndex(({ pods }) => pods.some(({ pod }) => pod.name === name));
  const ways = ["api", "monitor"].map((name) => {
    const { allowed, depends } = reach(row(at(name))[at("web")] ?? -1);
    return [80n, 81n, 82n, 9000n].map((port) => {
      const asked = { protocol: "TCP", port } as const;
      return `${admits(allowed, asked)} ${admits(depends, asked)}`;
    });
  });
  const expected = ["false true", "false true", "false false", "false false"];
  expect(ways).toEqual([expected, expected]);
  expect(exposure(cluster, web, "ingress")?.everyone).toEqual({
    ports: emptyPorts,
    perhaps: tcp(80n, 81n),
    missing: [],
    rules: [{ policy: one, path: "spec.ingress[0]" }],
  });
});
