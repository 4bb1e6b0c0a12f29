import type { NetworkPolicy, NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import type { Evaluation } from "../../../src/engine/finding.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

export const evaluate = createEvaluator(defaultParameters);
export const baseline = { namespace: "shop", level: "baseline", version: "v1" } as const;
export const restricted = { ...baseline, level: "restricted" } as const;

export function policy(name: string, spec: NetworkPolicySpec): NetworkPolicy {
  return { metadata: { name, namespace: "shop" }, spec };
}

/** A policy that lets blocks in, on TCP 443 if nothing else is said. */
export function ingress(
  name: string,
  cidrs: readonly string[],
  matchLabels: { readonly [key: string]: string } = {},
  ports: readonly object[] = [{ port: 443 }],
): NetworkPolicy {
  return policy(name, {
    podSelector: { matchLabels },
    policyTypes: ["Ingress"],
    ingress: [{ from: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports }],
  });
}

export function brief({ findings, unjudged, notes }: Evaluation): unknown {
  return {
    findings: findings.map(({ rule, path, message, witness }) => [rule, path, message, witness]),
    ...(unjudged && { unjudged }),
    ...(notes.length > 0 && { notes }),
  };
}

export const nothing = { findings: [] };

/** The internet, without what is private. */
const internet = {
  cidr: "0.0.0.0/0",
  except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"],
};

export function internetOn(name: string, first: number, count: number): NetworkPolicy {
  const ports = Array.from({ length: count }, (_, index) => ({ port: first + index }));
  return policy(name, {
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: internet }], ports }],
  });
}

export function fromNamespace(
  name: string,
  namespaceSelector: object,
  ports: object,
): NetworkPolicy {
  return policy(name, { ingress: [{ from: [{ namespaceSelector }], ports: [ports] }] });
}

/** Lets two blocks in for pods whose label `app` has one of the values. */
export function twoBlocks(name: string, first: number, values: readonly string[]): NetworkPolicy {
  return policy(name, {
    podSelector: { matchExpressions: [{ key: "app", operator: "In", values: [...values] }] },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [first, first + 100].map((octet) => ({ ipBlock: { cidr: `${octet}.0.0.0/8` } })),
        ports: [{ port: 443 }],
      },
    ],
  });
}

export const wider = (block: string, other: string, name: string) => ({
  findings: [
    [
      "no-broad-addresses",
      "spec.ingress[0].from[0].ipBlock",
      `${block} together with ${other} (spec.ingress[0].from[0] of NetworkPolicy "${name}") on TCP 443 is wider than /8 outside private space`,
      `${block.replace(".0.0.0/8", ".0.0.1")} gets in on TCP 443`,
    ],
  ],
});
