import type { NetworkPolicySpec } from "../../src/api/networkpolicy.ts";
import { policyRequest, reviewOf } from "../support/review.ts";

const bytes = 4096;

const monitoring = { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } };

/** What most policies look like: a subject, a named namespace, a port. */
export const goodSpec: NetworkPolicySpec = {
  podSelector: { matchLabels: { app: "web" } },
  policyTypes: ["Ingress", "Egress"],
  ingress: [
    {
      from: [
        { namespaceSelector: monitoring, podSelector: { matchLabels: { app: "prometheus" } } },
        { podSelector: { matchLabels: { app: "front" } } },
      ],
      ports: [{ protocol: "TCP", port: 9090 }],
    },
  ],
  egress: [
    {
      to: [{ ipBlock: { cidr: "10.20.0.0/16", except: ["10.20.3.0/24"] } }],
      ports: [{ protocol: "TCP", port: 5432 }],
    },
  ],
};

/** The same with a rule for everyone. */
export const badSpec: NetworkPolicySpec = {
  ...goodSpec,
  ingress: [...(goodSpec.ingress ?? []), { from: [{ namespaceSelector: {} }] }],
};

/** A review of 4 KiB, the usual size with managed fields. */
export function review(spec: NetworkPolicySpec): string {
  const build = (padding: string): string =>
    reviewOf(
      policyRequest({
        object: {
          apiVersion: "networking.k8s.io/v1",
          kind: "NetworkPolicy",
          metadata: { name: "web", namespace: "shop", annotations: { padding } },
          spec,
        },
      }),
    );
  return build("x".repeat(Math.max(0, bytes - build("").length)));
}
