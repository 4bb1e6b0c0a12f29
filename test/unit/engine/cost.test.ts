import { describe, expect, it } from "vitest";
import type { NetworkPolicy, Port } from "../../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { evaluateUpdate } from "../../../src/engine/ratchet.ts";
import { mostRules } from "../../../src/netpol/compile.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const evaluate = createEvaluator(defaultParameters);
const how = { namespace: "shop", level: "restricted", version: "v1" } as const;
const tooComplex = {
  path: "spec",
  message: "is too complex to judge: split the policy into smaller ones",
};

function list<T>(length: number, item: (index: number) => T): readonly T[] {
  return Array.from({ length }, (_, index) => item(index));
}

function blocks(length: number): readonly { readonly ipBlock: { readonly cidr: string } }[] {
  return list(length, (index) => ({
    ipBlock: { cidr: `${11 + (index >> 8)}.${index & 255}.0.0/17` },
  }));
}

/** So many rules that admit pods of the own namespace, and one of the other direction. */
function ownPods(length: number): NetworkPolicy {
  return { spec: { ingress: list(length, () => ({ from: [{ podSelector: {} }] })), egress: [{}] } };
}

/** Anyone, and a block on these ports. */
function fromAnyoneAnd(ports: readonly Port[]): NetworkPolicy {
  return {
    spec: { ingress: [{ from: [{ ipBlock: { cidr: "10.20.0.0/24" } }], ports }, {}] },
  };
}

/** The cluster's pods, each rule on a port of its own. */
function toPods(length: number): NetworkPolicy {
  const egress = list(length, (index) => ({
    to: [{ ipBlock: { cidr: "10.244.0.0/16" } }],
    ports: [{ port: 1 + index }],
  }));
  return { spec: { policyTypes: ["Egress"], egress } };
}

describe("the cost of judging", () => {
  it("lets a policy pass that is large in every single dimension", () => {
    const networkPolicy: NetworkPolicy = {
      spec: {
        policyTypes: ["Ingress", "Egress"],
        egress: list(3_000, (index) => ({
          to: [{ ipBlock: { cidr: `10.${index >> 8}.${index & 255}.0/24` } }],
          ports: [{ port: 1 + index, endPort: 10_000 - index }],
        })),
      },
    };
    const { findings, unjudged } = evaluate(networkPolicy, { ...how, level: "baseline" });
    expect(unjudged).toBeUndefined();
    expect(findings).toEqual([]);
  });

  it("ends in a refusal to judge where there are more rules than can be read in time", () => {
    const { findings, unjudged } = evaluate(ownPods(mostRules), how);
    expect(unjudged).toEqual(tooComplex);
    expect(findings).toEqual([]);
    expect(evaluate(ownPods(3_000), how).unjudged).toBeUndefined();
  });

  it("compares an update with the old rules that can matter, however many others there are", () => {
    const clusterCIDRs = ["10.244.0.0/16"];
    const parameters = {
      baseline: { ...defaultParameters.baseline, clusterCIDRs },
      restricted: { ...defaultParameters.restricted, clusterCIDRs },
    };
    const { findings, unjudged } = evaluateUpdate(parameters, toPods(1_000), toPods(1_001), {
      ...how,
      level: "baseline",
    });
    expect(unjudged).toBeUndefined();
    expect(findings.map(({ path }) => path)).toEqual(["spec.egress[1000].to[0].ipBlock"]);
  });

  it("ends in a refusal to judge where blocks and ports multiply", () => {
    const networkPolicy: NetworkPolicy = {
      spec: {
        policyTypes: ["Egress"],
        egress: [
          { to: blocks(4_000), ports: list(4_000, (index) => ({ port: 1 + 4 * index })) },
          { to: [{ ipBlock: { cidr: "11.0.0.0/24" } }], ports: [{ protocol: "TCP" }] },
        ],
      },
    };
    expect(evaluate(networkPolicy, how)).toEqual({
      findings: [],
      unjudged: tooComplex,
      notes: [],
    });
  });

  it("judges a policy in a namespace with ten thousand blocks of others", () => {
    const neighbours = list(200, (other): NetworkPolicy => ({
      metadata: { name: `other-${other}` },
      spec: {
        policyTypes: ["Egress"],
        egress: [
          {
            to: list(50, (index) => ({ ipBlock: { cidr: `93.${index}.${other}.0/24` } })),
            ports: list(10, (index) => ({ port: 1000 + ((37 * index + 11 * other) % 5000) })),
          },
        ],
      },
    }));
    const to = list(5, (index) => ({ ipBlock: { cidr: `93.${index}.250.0/24` } }));
    const ports = [{ port: 1000 }, { port: 1037 }, { port: 1074 }];
    const incoming: NetworkPolicy = {
      spec: { policyTypes: ["Egress"], egress: [{ to, ports }] },
    };
    const nothing = { findings: [], notes: [] };
    for (const level of ["baseline", "restricted"] as const)
      expect(evaluate(incoming, { ...how, level, neighbours })).toEqual(nothing);
  });

  it("says that nothing was added up with other policies where these are very many", () => {
    const neighbours = list(50, (other): NetworkPolicy => ({
      metadata: { name: `other-${other}` },
      spec: {
        ingress: [
          { from: blocks(400), ports: list(40, (index) => ({ port: 1 + 50 * index + other })) },
        ],
      },
    }));
    const one = evaluate(fromAnyoneAnd([{ port: 80 }]), { ...how, neighbours });
    expect(one.findings.map(({ rule }) => rule)).toEqual(["no-anyone"]);
    expect(one.notes).toEqual([]);
    const many = evaluate(fromAnyoneAnd([{ port: 1, endPort: 1000 }]), { ...how, neighbours });
    expect(many.findings.map(({ rule }) => rule)).toEqual(["no-anyone"]);
    expect(many.notes).toEqual([
      "the policy is too complex to judge together with the namespace's other policies: split it into smaller ones",
    ]);
  });

  it("ends in a refusal to judge where an update is compared with a thicket of selectors", () => {
    const old: NetworkPolicy = {
      spec: {
        ingress: [
          {
            from: list(2_000, (index) => ({
              namespaceSelector: {
                matchExpressions: [7, 11, 13].map((step) => ({
                  key: `k${(index * step) % 40}`,
                  operator: (index >> (step % 5)) % 2 === 0 ? "Exists" : "DoesNotExist",
                })),
              },
            })),
            ports: [{ port: 80 }],
          },
        ],
      },
    };
    const wide: NetworkPolicy = {
      spec: { ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 80 }] }] },
    };
    const { findings, unjudged } = evaluateUpdate(defaultParameters, old, wide, how);
    expect(findings).toEqual([]);
    expect(unjudged).toEqual(tooComplex);
  });
});
