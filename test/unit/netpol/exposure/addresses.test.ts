import { describe, expect, test } from "vitest";
import type { IPBlock, NetworkPolicy } from "../../../../src/api/networkpolicy.ts";
import { explainConnection } from "../../../../src/netpol/exposure/connection.ts";
import { exposure } from "../../../../src/netpol/exposure/exposure.ts";
import type { Pod } from "../../../../src/netpol/exposure/input.ts";
import { createMatrix } from "../../../../src/netpol/exposure/matrix.ts";
import { admits } from "../../../../src/netpol/ports.ts";
import { clusterOf, policyOf, verdict, web } from "../../../support/smallcluster.ts";

function pod(name: string, addresses: readonly string[]): Pod {
  return { namespace: "other", name, addresses };
}

// In no order, so that nothing is found by chance.
const pods = [
  pod("nine", ["fd00::9", "10.0.0.9"]),
  pod("five", ["10.0.0.5"]),
  pod("seven", ["10.0.0.7", "fd00::7"]),
  pod("one", ["10.0.0.1", "fd00::1"]),
  pod("eight", ["10.0.0.8"]),
  pod("unknown", []),
];

function policy(blocks: readonly IPBlock[]): NetworkPolicy {
  return policyOf({ ingress: [{ from: blocks.map((ipBlock) => ({ ipBlock })) }] });
}

/** The pods that may get in to web, if the network plugin likes: asked for in three ways. */
function mayGetIn(blocks: readonly IPBlock[]): readonly (readonly string[])[] {
  const cluster = clusterOf([policy(blocks)], [...pods, web]);
  const { classes, row, reach } = createMatrix(cluster);
  const to = classes.findIndex(({ namespace }) => namespace === "shop");
  const port = { protocol: "TCP", port: 80n } as const;
  const inMatrix = classes.flatMap(({ index, pods: members }) => {
    const found = reach(row(index)[to] ?? -1);
    return admits(found.depends, port) ? members.map((one) => one.pod.name) : [];
  });
  const known = (exposure(cluster, web, "ingress")?.known ?? []).flatMap((one) =>
    one.pods.map(({ name }) => name),
  );
  const asked = pods.filter((one) => verdict(cluster, one, web, 80).startsWith("depends"));
  return [asked.map(({ name }) => name), inMatrix.filter((name) => name !== "web"), known].map(
    (names) => names.toSorted(),
  );
}

describe("pods that address blocks may hold", () => {
  const every = ["eight", "five", "nine", "one", "seven", "unknown"];
  const rows: readonly [string, readonly IPBlock[], readonly string[]][] = [
    ["one address", [{ cidr: "10.0.0.7/32" }], ["seven", "unknown"]],
    ["the first of all", [{ cidr: "10.0.0.1/32" }], ["one", "unknown"]],
    ["the last of all", [{ cidr: "10.0.0.9/32" }], ["nine", "unknown"]],
    [
      "several, in no order",
      [{ cidr: "10.0.0.8/32" }, { cidr: "10.0.0.1/32" }, { cidr: "10.0.0.5/32" }],
      ["eight", "five", "one", "unknown"],
    ],
    ["a range", [{ cidr: "10.0.0.8/29" }], ["eight", "nine", "unknown"]],
    [
      "a range with holes",
      [{ cidr: "10.0.0.0/28", except: ["10.0.0.8/32", "10.0.0.5/32"] }],
      ["nine", "one", "seven", "unknown"],
    ],
    ["IPv6", [{ cidr: "fd00::/125" }], ["one", "seven", "unknown"]],
    [
      "IPv6 addresses",
      [{ cidr: "fd00::9/128" }, { cidr: "fd00::1/128" }],
      ["nine", "one", "unknown"],
    ],
    ["nothing that is left", [{ cidr: "10.0.0.6/31", except: ["10.0.0.6/32", "10.0.0.7/32"] }], []],
    ["a spelling that is read in two ways", [{ cidr: "010.0.1.0/24" }], every],
    ["the same in an except", [{ cidr: "172.16.0.0/12", except: ["172.020.0.0/16"] }], every],
  ];
  test.each(rows)("%s", (_, blocks, expected) => {
    expect(mayGetIn(blocks)).toEqual([expected, expected, expected]);
  });
});

describe("numbers at their bounds", () => {
  test.each([1, 65_535])("a container has the port %d, and so has a question", (containerPort) => {
    const target = { ...web, ports: [{ name: "edge", containerPort }] };
    const ingress = [{ ports: [{ port: "edge" }] }];
    const cluster = clusterOf([policyOf({ ingress })], [target, ...pods]);
    expect(cluster.notEvaluated).toEqual([]);
    expect(pods.map((one) => verdict(cluster, one, web, containerPort))).toEqual(
      pods.map(() => "allowed"),
    );
  });

  test.each([0, 65_536, 1.5, -1])("neither has %d", (port) => {
    const target = { ...web, ports: [{ name: "edge", containerPort: port }] };
    expect(clusterOf([], [target]).notEvaluated.map(({ path }) => path)).toEqual([
      "ports[0].containerPort",
    ]);
    const question = { from: { address: "192.0.2.1" }, to: web, protocol: "TCP", port } as const;
    const { verdict: got, problems } = explainConnection(clusterOf([]), question);
    expect({ got, problems }).toEqual({
      got: "not evaluated",
      problems: ["the port must be 1 to 65535"],
    });
  });

  test("a port without a name has none that a policy can say", () => {
    const target = { ...web, ports: [{ containerPort: 80 }, { name: null, containerPort: 81 }] };
    const ingress = [{ ports: [{ port: "undefined" }, { port: "null" }] }];
    const cluster = clusterOf([policyOf({ ingress })], [target, ...pods]);
    expect([80, 81].map((port) => verdict(cluster, { address: "192.0.2.1" }, web, port))).toEqual([
      "denied",
      "denied",
    ]);
  });
});

test("the address of a node is told from the same number in the other family", () => {
  const cluster = clusterOf([policyOf({})]);
  expect(
    ["192.168.0.1", "::ffff:192.168.0.1", "::c0a8:1"].map((address) =>
      verdict(cluster, { address }, web, 80),
    ),
  ).toEqual(["allowed", "allowed", "denied"]);
});
