import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IngressRule, NetworkPolicySpec, Peer } from "../../../src/api/networkpolicy.ts";
import { createMeter } from "../../../src/netpol/meter.ts";
import { shadowedRule } from "../../../src/warnings/shadowed-rule/warning.ts";
import { inspect, places, web } from "./inspecting.ts";
import { admittedBy, block, rule } from "./smalluniverse.ts";

const api: Peer = { podSelector: { matchLabels: { app: "api" } } };

function ingress(...rules: readonly IngressRule[]): NetworkPolicySpec {
  return { podSelector: web, ingress: rules };
}

describe("shadowed-rule", () => {
  it("tells of a rule whose peers and ports a wider one has", () => {
    const spec = ingress({ from: [api], ports: [{ port: 80 }] }, { from: [api] });
    expect(inspect(shadowedRule, spec)).toEqual([
      {
        path: "spec.ingress[0]",
        message:
          "spec.ingress[1] lets through everything that this rule lets through: to narrow or remove this one changes nothing",
        fix: "Remove spec.ingress[0]; or, if it says what is meant, narrow spec.ingress[1].",
      },
    ]);
  });

  it("takes the later one of two that mean the same, however they are spelled", () => {
    const respelled: Peer = {
      podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["api"] }] },
    };
    const spec = ingress(
      { from: [api] },
      { from: [{ podSelector: {} }], ports: [{ port: 1 }] },
      {
        from: [respelled],
      },
    );
    expect(places(shadowedRule, spec)).toEqual(["spec.ingress[2]"]);
  });

  it.each<readonly [string, IngressRule, IngressRule]>([
    ["everyone", { from: [api] }, {}],
    ["every pod", { from: [api] }, { from: [{ namespaceSelector: {} }] }],
    ["all pods of the namespace", { from: [api] }, { from: [{ podSelector: {} }] }],
    [
      "the namespace by its name",
      { from: [api] },
      { from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } }] },
    ],
    [
      "blocks that hold it together",
      { from: [block("10.127.0.0/16"), block("10.128.0.0/16")] },
      { from: [block("10.0.0.0/9"), block("10.128.0.0/9")] },
    ],
    [
      "selectors that hold it together",
      { from: [{ namespaceSelector: {}, podSelector: web }] },
      { from: [labelled("In"), labelled("NotIn")] },
    ],
    [
      "a range of ports",
      { from: [api], ports: [{ port: 80 }] },
      { from: [api], ports: [{ port: 79, endPort: 81 }] },
    ],
    ["a whole protocol", { from: [api], ports: [{ port: "http" }] }, { from: [api], ports: [{}] }],
    [
      "what is left of it",
      { from: [api, block("10.0.0.0/31", "10.0.0.0/32", "10.0.0.1/32")] },
      { from: [api, { podSelector: web }] },
    ],
  ])("knows that a rule is covered by %s", (_, narrow, wide) => {
    expect(places(shadowedRule, ingress(narrow, wide))).toEqual(["spec.ingress[0]"]);
    expect(places(shadowedRule, ingress(wide, narrow))).toEqual(["spec.ingress[1]"]);
  });

  it.each<readonly [string, readonly IngressRule[]]>([
    [
      "fewer peers, but more ports",
      [
        { from: [api], ports: [{}] },
        { from: [{ podSelector: {} }], ports: [{ port: 1 }] },
      ],
    ],
    [
      "two rules that cover a third one only together",
      [
        { from: [{ podSelector: {} }], ports: [{ port: 1 }] },
        { from: [{ podSelector: {} }], ports: [{ port: 2 }] },
        { from: [api], ports: [{ port: 1, endPort: 2 }] },
      ],
    ],
    [
      "a name that may be one of the numbers",
      [
        { from: [api], ports: [{ port: "http" }] },
        { from: [api], ports: [{ port: 2, endPort: 9 }] },
      ],
    ],
    ["pods that blocks may hold", [{ from: [api] }, { from: [block("0.0.0.0/0"), block("::/0")] }]],
    [
      "blocks and every pod",
      [{ from: [block("10.0.0.0/8")] }, { from: [{ namespaceSelector: {} }] }],
    ],
    ["excepts", [{ from: [block("10.0.0.0/8")] }, { from: [block("0.0.0.0/0", "10.1.0.0/16")] }]],
    ["another family", [{ from: [block("::/0")] }, { from: [block("0.0.0.0/0")] }]],
    [
      "a rule that lets nobody through",
      [{ from: [block("10.0.0.0/31", "10.0.0.0/32", "10.0.0.1/32")] }, {}],
    ],
  ])("stays silent about %s", (_, rules) => {
    expect(places(shadowedRule, ingress(...rules))).toEqual([]);
  });

  it("compares rules of one direction, and only those that have an effect", () => {
    const egress = { podSelector: web, policyTypes: ["Ingress"], egress: [{}, {}] };
    expect(places(shadowedRule, egress)).toEqual([]);
    const both = {
      podSelector: web,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{}],
      egress: [{}],
    };
    expect(places(shadowedRule, both)).toEqual([]);
    expect(places(shadowedRule, { ...both, egress: [{}, {}] })).toEqual(["spec.egress[1]"]);
  });

  it.each([
    ["few", { minLength: 2, maxLength: 5 }, 500],
    ["many", { minLength: 13, maxLength: 18 }, 80],
  ])("finds exactly the rules among %s that one other rule covers", (_, length, numRuns) => {
    fc.assert(
      fc.property(fc.array(rule, length), (rules) => {
        const admitted = rules.map(admittedBy);
        const covered = rules.flatMap((__, at) => {
          const own = admitted[at] ?? new Set();
          const isCovered = admitted.some(
            (other, index) =>
              index !== at && own.isSubsetOf(other) && (index < at || !other.isSubsetOf(own)),
          );
          return own.size > 0 && isCovered ? [`spec.ingress[${at}]`] : [];
        });
        expect(places(shadowedRule, ingress(...rules))).toEqual(covered);
      }),
      { numRuns },
    );
  });

  it.each<readonly [string, (index: number) => IngressRule]>([
    ["of different pods", (n) => ({ from: [{ podSelector: { matchLabels: { app: `a${n}` } } }] })],
    ["of different ports", (n) => ({ from: [{ podSelector: {} }], ports: [{ port: n + 1 }] })],
    ["of different addresses", (n) => ({ from: [block(`10.${n >> 8}.${n & 255}.0/24`)] })],
    [
      "of pods and ports",
      (n) => ({
        from: [{ podSelector: { matchLabels: { app: `a${n % 1500}` } } }],
        ports: [{ port: 1 + Math.floor(n / 1500) }],
      }),
    ],
    [
      "of different namespaces",
      (n) => ({
        from: [
          {
            namespaceSelector: { matchLabels: { team: `t${n}` } },
            podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] },
          },
        ],
      }),
    ],
  ])("looks at few pairs among thousands of rules %s", (_, make) => {
    const rules = Array.from({ length: 3_000 }, (__, index) => make(index));
    const meter = createMeter(150_000);
    expect(places(shadowedRule, ingress(...rules, make(7)), { meter })).toEqual([
      "spec.ingress[3000]",
    ]);
    expect(meter.exhausted()).toBe(false);
  });

  it("ends where the meter does", () => {
    const rules = Array.from({ length: 5_000 }, (_, index) => range(index));
    const meter = createMeter(100_000);
    inspect(shadowedRule, ingress(...rules), { meter });
    expect(meter.exhausted()).toBe(true);
  });
});

function labelled(operator: string): Peer {
  return { namespaceSelector: { matchExpressions: [{ key: "team", operator, values: ["a"] }] } };
}

function range(n: number): IngressRule {
  return { ports: [{ port: n + 1, endPort: n + 2 }] };
}
