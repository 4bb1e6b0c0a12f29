import { describe, expect, test } from "vitest";
import type { NetworkPolicy, NetworkPolicySpec } from "../../../../src/api/networkpolicy.ts";
import type { Cluster } from "../../../../src/netpol/exposure/cluster.ts";
import { explainConnection } from "../../../../src/netpol/exposure/connection.ts";
import { exposure } from "../../../../src/netpol/exposure/exposure.ts";
import type { Pod } from "../../../../src/netpol/exposure/input.ts";
import { createMatrix } from "../../../../src/netpol/exposure/matrix.ts";
import { markOf } from "../../../support/reachmark.ts";
import {
  api,
  clusterOf,
  host,
  monitor,
  policyOf,
  stranger,
  web,
} from "../../../support/smallcluster.ts";

const replica: Pod = { ...stranger, name: "replica" };
const pods = [web, api, monitor, stranger, replica, host];
const both = ["Ingress", "Egress"];

/** For each peer: `+` allowed, `-` denied, `?` up to the network plugin, `!` not evaluated. */
type Row = string;

const marks = {
  allowed: "+",
  denied: "-",
  "depends on the network plugin": "?",
  "not evaluated": "!",
} as const;

/** From each pod to each pod, the pod itself left out: by one connection at a time. */
function byConnection(cluster: Cluster, port: number): readonly Row[] {
  return pods.map((from) =>
    others(from)
      .map((to) => marks[explainConnection(cluster, { from, to, protocol: "TCP", port }).verdict])
      .join(""),
  );
}

function byMatrix(cluster: Cluster, port: number): readonly Row[] {
  const { classes, row, reach } = createMatrix(cluster);
  const at = (pod: Pod) =>
    classes.findIndex((one) => one.pods.some((member) => member.pod.name === pod.name));
  return pods.map((from) => {
    const reaches = [...row(at(from))].map(reach);
    return others(from)
      .flatMap((to) => reaches[at(to)] ?? [])
      .map((one) => markOf(one, port))
      .join("");
  });
}

function byExposure(
  cluster: Cluster,
  port: number,
  direction: "ingress" | "egress",
): readonly Row[] {
  const answers = new Map(pods.map((pod) => [pod, exposure(cluster, pod, direction)?.known ?? []]));
  return pods.map((from) =>
    others(from)
      .map((to) => {
        const [subject, peer] = direction === "ingress" ? [to, from] : [from, to];
        const known = answers.get(subject) ?? [];
        const found = known.find((one) => one.pods.some(({ name }) => name === peer.name));
        return found === undefined ? "-" : markOf(found.both, port);
      })
      .join(""),
  );
}

function others(pod: Pod): readonly Pod[] {
  return pods.filter((one) => one !== pod);
}

const anyone = { namespaceSelector: {} };
const notAPI = { matchExpressions: [{ key: "app", operator: "NotIn", values: ["api"] }] };
const shut: NetworkPolicySpec = { podSelector: {}, policyTypes: both };

describe("who can talk to whom: from web, api, monitor, stranger, replica and host to the others", () => {
  const rows: readonly [string, readonly NetworkPolicy[], number, readonly Row[]][] = [
    ["no policy", [], 80, ["+++++", "+++++", "+++++", "+++++", "+++++", "+++++"]],
    [
      "a namespace that is shut",
      [policyOf(shut)],
      80,
      ["----?", "----?", "--+++", "--+++", "--+++", "??+++"],
    ],
    [
      "a namespace that lets nobody in",
      [policyOf({ podSelector: {} })],
      80,
      ["-++++", "-++++", "--+++", "--+++", "--+++", "??+++"],
    ],
    [
      "a namespace that lets nobody out",
      [policyOf({ podSelector: {}, policyTypes: ["Egress"] })],
      80,
      ["----?", "----?", "+++++", "+++++", "+++++", "+++++"],
    ],
    [
      "a namespace that is shut, with a pod on the host's network",
      [policyOf(shut, "shut", "monitoring")],
      80,
      ["+-++?", "+-++?", "----?", "++-+?", "++-+?", "?????"],
    ],
    [
      "a name that web has at this port",
      [
        policyOf({
          podSelector: {},
          policyTypes: both,
          egress: [{ ports: [{ port: "http" }] }],
          ingress: [{ ports: [{ port: "http" }] }],
        }),
      ],
      8080,
      ["----?", "+---?", "+-+++", "+-+++", "+-+++", "+?+++"],
    ],
    [
      "the same name, at the port of api",
      [
        policyOf(
          { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: "http" }] }] },
          "names",
          "other",
        ),
      ],
      9000,
      ["+++++", "+++++", "+++++", "-+--?", "-+--?", "+++++"],
    ],
    [
      "a block",
      [policyOf({ ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/24" } }] }] })],
      80,
      ["?++++", "?++++", "--+++", "??+++", "??+++", "??+++"],
    ],
    [
      "a block that ends at an address",
      [policyOf({ ingress: [{ from: [{ ipBlock: { cidr: "10.0.1.0/31" } }] }] })],
      80,
      ["-++++", "-++++", "??+++", "??+++", "??+++", "??+++"],
    ],
    [
      "a block of IPv6",
      [
        policyOf({
          ingress: [{ from: [{ ipBlock: { cidr: "fd00::/64", except: ["fd00::2/128"] } }] }],
        }),
      ],
      80,
      ["-++++", "-++++", "??+++", "??+++", "??+++", "??+++"],
    ],
    [
      "a selector by what pods are not",
      [policyOf({ ingress: [{ from: [{ ...anyone, podSelector: notAPI }] }] })],
      80,
      ["+++++", "-++++", "+++++", "+++++", "+++++", "??+++"],
    ],
    [
      "a selector by what pods do not have, and another policy after it",
      [
        policyOf({
          podSelector: { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] },
        }),
        policyOf({ podSelector: { matchLabels: { app: "api" } } }, "api"),
      ],
      80,
      ["-++++", "-++++", "--+++", "--+++", "--+++", "??+++"],
    ],
    [
      "pods that are not there",
      [policyOf({ podSelector: { matchLabels: { app: "none" } }, policyTypes: both })],
      80,
      ["+++++", "+++++", "+++++", "+++++", "+++++", "+++++"],
    ],
    [
      "a policy that cannot be read",
      [policyOf({ policyTypes: ["Sideways"] })],
      80,
      ["!!!!!", "!!!!!", "!!+++", "!!+++", "!!+++", "!!+++"],
    ],
    [
      "one beside another that shuts",
      [policyOf({ policyTypes: ["Sideways"] }), policyOf(shut, "shut")],
      80,
      ["!!!!?", "!!!!?", "!!+++", "!!+++", "!!+++", "??+++"],
    ],
    [
      "two policies",
      [
        policyOf({ ingress: [{ from: [{ podSelector: {} }] }] }),
        policyOf(
          {
            podSelector: {},
            ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "ops" } } }] }],
          },
          "ops",
        ),
      ],
      80,
      ["+++++", "+++++", "+++++", "--+++", "--+++", "??+++"],
    ],
    [
      "pods that are alike",
      [
        policyOf(
          {
            podSelector: {},
            policyTypes: both,
            ingress: [{ from: [{ podSelector: {} }] }],
            egress: [{ to: [{ podSelector: {} }] }],
          },
          "one",
          "other",
        ),
      ],
      80,
      ["++--+", "++--+", "++--+", "---+?", "---+?", "+++??"],
    ],
  ];
  test.each(rows)("%s", (_, networkPolicies, port, expected) => {
    const cluster = clusterOf(networkPolicies, pods);
    expect(byConnection(cluster, port)).toEqual(expected);
    expect(byMatrix(cluster, port)).toEqual(expected);
    expect(byExposure(cluster, port, "ingress")).toEqual(expected);
    expect(byExposure(cluster, port, "egress")).toEqual(expected);
  });
});
