import { describe, expect, it } from "vitest";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import type { Evaluation } from "../../../src/engine/finding.ts";
import { createNamespaceEvaluator } from "../../../src/engine/namespace.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const evaluateNamespace = createNamespaceEvaluator(defaultParameters);
const evaluate = createEvaluator(defaultParameters);
const restricted = { namespace: "shop", level: "restricted", version: "v1" } as const;
const how = { namespace: "shop", level: "baseline", version: "v1" } as const;

function ingress(
  name: string,
  cidrs: readonly string[],
  matchLabels: { readonly [key: string]: string } = {},
): NetworkPolicy {
  return {
    metadata: { name, namespace: "shop" },
    spec: {
      podSelector: { matchLabels },
      policyTypes: ["Ingress"],
      ingress: [{ from: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: [{ port: 443 }] }],
    },
  };
}

function brief(evaluations: readonly Evaluation[]): readonly (readonly string[])[] {
  return evaluations.map(({ findings }) => findings.map(({ message }) => message));
}

const wider = "on TCP 443 is wider than /8 outside private space";

describe("the policies of one namespace", () => {
  it("have the findings that each has alone, in their order", () => {
    const all = [
      ingress("narrow", ["198.18.0.0/24"]),
      ingress("broad", ["0.0.0.0/0"]),
      { spec: { ingress: [{}] } },
      { spec: { podSelector: { matchExpressions: [{ key: "a", operator: "Near" }] } } },
    ];
    expect(evaluateNamespace(all, how)).toEqual(all.map((one) => evaluate(one, how)));
    expect(evaluateNamespace(all, { ...how, level: "privileged" })).toEqual(
      all.map(() => ({ findings: [], notes: [] })),
    );
  });

  it("have a sum once, at the one that adds most to it", () => {
    const all = [ingress("a", ["13.0.0.0/9"]), ingress("b", ["12.0.0.0/8"])];
    const wide = ingress("c", ["13.128.0.0/9"]);
    expect(brief(evaluateNamespace([...all, wide], how))).toEqual([
      [],
      [
        `12.0.0.0/8 together with 13.0.0.0/9 (spec.ingress[0].from[0] of NetworkPolicy "a"), 13.128.0.0/9 (spec.ingress[0].from[0] of NetworkPolicy "c") ${wider}`,
      ],
      [],
    ]);
  });

  it("have it at the first by name where two add as much", () => {
    const all = [ingress("b", ["12.0.0.0/8"]), ingress("a", ["13.0.0.0/8"])];
    expect(brief(evaluateNamespace(all, how))).toEqual([
      [],
      [
        `13.0.0.0/8 together with 12.0.0.0/8 (spec.ingress[0].from[0] of NetworkPolicy "b") ${wider}`,
      ],
    ]);
  });

  it("have one finding for each set that can select one pod", () => {
    const all = [
      ingress("a", ["12.0.0.0/8"], { app: "web" }),
      ingress("b", ["13.0.0.0/8"], { app: "web" }),
      ingress("c", ["20.0.0.0/8"], { app: "api" }),
      ingress("d", ["21.0.0.0/8"], { app: "api" }),
    ];
    expect(brief(evaluateNamespace(all, how))).toEqual([
      [
        `12.0.0.0/8 together with 13.0.0.0/8 (spec.ingress[0].from[0] of NetworkPolicy "b") ${wider}`,
      ],
      [],
      [
        `20.0.0.0/8 together with 21.0.0.0/8 (spec.ingress[0].from[0] of NetworkPolicy "d") ${wider}`,
      ],
      [],
    ]);
  });

  it("have no sum where one of them is a finding by itself on every pod", () => {
    const all = [
      ingress("a", ["12.0.0.0/8"]),
      ingress("b", ["13.0.0.0/8"]),
      ingress("c", ["0.0.0.0/0"]),
    ];
    expect(brief(evaluateNamespace(all, how))).toEqual([[], [], [`0.0.0.0/0 ${wider}`]]);
  });

  it("are told apart by their names: of two versions only one is added up", () => {
    const all = [ingress("a", ["12.0.0.0/8"]), ingress("a", ["13.0.0.0/8"])];
    expect(evaluateNamespace(all, how)).toEqual([
      { findings: [], notes: [] },
      {
        findings: [],
        notes: ["not checked together with the namespace's others: one has the same name"],
      },
    ]);
  });
});

function paths(evaluations: readonly Evaluation[]): readonly (readonly string[])[] {
  return evaluations.map(({ findings }) => findings.map(({ rule, path }) => `${rule} ${path}`));
}

describe("levels are cumulative", () => {
  it("shows a sum of baseline at restricted, where a share of it is too much already", () => {
    const policies = [ingress("first", ["12.0.0.0/8"]), ingress("second", ["13.0.0.0/8"])];
    const found = "no-broad-addresses spec.ingress[0].from[0].ipBlock";
    expect(paths(evaluateNamespace(policies, how))).toEqual([[found], []]);
    expect(paths(evaluateNamespace(policies, restricted))).toEqual([[found], [found]]);
  });
});
