import { describe, expect, it } from "vitest";
import type { LabelSelector, NetworkPolicySpec, Peer } from "../../../src/api/networkpolicy.ts";
import type { ClusterFacts } from "../../../src/warnings/cluster.ts";
import { matchesNothingNow } from "../../../src/warnings/matches-nothing-now/warning.ts";
import { inspect, said, web } from "./inspecting.ts";

const namespaces = new Map([
  namespaceWith("shop", "team", "storefront"),
  namespaceWith("pay", "team", "payments"),
  namespaceWith("empty", "stage", "test"),
]);
const pods = new Map([
  ["shop", [podWith("app", "web"), podWith("app", "api")]],
  ["pay", [podWith("app", "ledger")]],
]);
const known = { cluster: { complete: true, namespaces, pods } };

function namespaceWith(name: string, key: string, value: string) {
  const labels = new Map([
    [key, value],
    ["kubernetes.io/metadata.name", name],
  ]);
  return [name, labels] as const;
}

function podWith(key: string, value: string) {
  return { labels: new Map([[key, value]]), ports: [] };
}

function from(...peers: readonly Peer[]): NetworkPolicySpec {
  return { podSelector: web, ingress: [{ from: peers }] };
}

function labelled(key: string, value: string): LabelSelector {
  return { matchLabels: { [key]: value } };
}

describe("matches-nothing-now", () => {
  it("tells of a namespace label that no namespace has, with the one that is nearest", () => {
    expect(
      inspect(matchesNothingNow, from({ namespaceSelector: labelled("team", "paymnets") }), known),
    ).toEqual([
      {
        path: "spec.ingress[0].from[0].namespaceSelector",
        message:
          "no namespace matches team=paymnets now, so this peer lets nobody through; the nearest label is team=payments",
        fix: "Write team=payments if that is meant.",
      },
    ]);
  });

  it("tells of a misspelt key, and of a misspelt name", () => {
    expect(
      said(
        matchesNothingNow,
        from(
          { namespaceSelector: labelled("teams", "payments") },
          { namespaceSelector: labelled("kubernetes.io/metadata.name", "shops") },
        ),
        known,
      ),
    ).toEqual([
      "spec.ingress[0].from[0].namespaceSelector no namespace matches teams=payments now, so this peer lets nobody through; the nearest label is team=payments",
      "spec.ingress[0].from[1].namespaceSelector no namespace matches kubernetes.io/metadata.name=shops now, so this peer lets nobody through; the nearest label is kubernetes.io/metadata.name=shop",
    ]);
  });

  it("tells of pods that are not there among those that are", () => {
    expect(
      said(
        matchesNothingNow,
        from(
          { podSelector: labelled("app", "apii") },
          { podSelector: labelled("app", "ledger") },
          { namespaceSelector: labelled("team", "payments"), podSelector: labelled("app", "web") },
        ),
        known,
      ),
    ).toEqual([
      "spec.ingress[0].from[0].podSelector no pod matches app=apii now, so this peer lets nobody through; the nearest label is app=api",
      "spec.ingress[0].from[1].podSelector no pod matches app=ledger now, so this peer lets nobody through",
      "spec.ingress[0].from[2].podSelector no pod matches app=web now, so this peer lets nobody through",
    ]);
  });

  it("says what is wanted as kubectl does, and what to do when nothing is near", () => {
    const namespaceSelector: LabelSelector = {
      matchExpressions: [
        { key: "stage", operator: "In", values: ["prod", "live"] },
        { key: "team", operator: "Exists" },
        { key: "old", operator: "DoesNotExist" },
        { key: "zone", operator: "NotIn", values: ["a"] },
      ],
    };
    expect(inspect(matchesNothingNow, from({ namespaceSelector }), known)).toEqual([
      {
        path: "spec.ingress[0].from[0].namespaceSelector",
        message:
          "no namespace matches stage in (prod, live), team, !old, zone notin (a) now, so this peer lets nobody through",
        fix: "Check the labels of the namespaces that are meant, or remove the peer if they are gone.",
      },
    ]);
  });

  it.each<readonly [string, Peer, ClusterFacts]>([
    ["what is there", { namespaceSelector: labelled("team", "payments") }, known.cluster],
    [
      "a name that is there",
      { namespaceSelector: labelled("kubernetes.io/metadata.name", "pay") },
      known.cluster,
    ],
    ["every namespace", { namespaceSelector: {} }, known.cluster],
    ["pods of the own namespace", { podSelector: labelled("app", "api") }, known.cluster],
    [
      "a namespace without pods",
      { namespaceSelector: labelled("stage", "test"), podSelector: web },
      known.cluster,
    ],
    [
      "pods that nobody knows",
      { podSelector: labelled("app", "apii") },
      { complete: true, namespaces },
    ],
    ["files", { namespaceSelector: labelled("team", "x") }, { ...known.cluster, complete: false }],
    [
      "namespaces that nobody knows",
      { namespaceSelector: labelled("team", "x") },
      { complete: true },
    ],
    ["address blocks", { ipBlock: { cidr: "192.0.2.0/24" } }, known.cluster],
    [
      "selectors that contradict themselves",
      {
        podSelector: {
          matchLabels: { app: "x" },
          matchExpressions: [{ key: "app", operator: "DoesNotExist" }],
        },
      },
      known.cluster,
    ],
  ])("stays silent about %s", (_, peer, cluster) => {
    expect(inspect(matchesNothingNow, from(peer), { cluster })).toEqual([]);
  });

  it("looks at a bounded number of namespaces, and tells only of what it looked at", () => {
    const many = new Map(
      Array.from({ length: 10_000 }, (_, n) => [`n${n}`, new Map([["team", `t${n}`]])] as const),
    );
    const peers = Array.from({ length: 50 }, (_, n): Peer => ({
      namespaceSelector: labelled("team", `unknown-${n}`),
    }));
    const cluster = { complete: true, namespaces: many };
    expect(said(matchesNothingNow, from(...peers), { cluster })).toEqual([
      "spec.ingress[0].from[0].namespaceSelector no namespace matches team=unknown-0 now, so this peer lets nobody through",
      "spec.ingress[0].from[1].namespaceSelector no namespace matches team=unknown-1 now, so this peer lets nobody through",
    ]);
  });
});
