import type { NetworkPolicySpec } from "../../src/api/networkpolicy.ts";

/** A NetworkPolicy of the subject `app: web`, unless the spec says otherwise. */
export function networkPolicy(name: string, namespace: string, spec: NetworkPolicySpec) {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: { podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Ingress"], ...spec },
  };
}

/** A pod that nobody will ever run: there are no nodes. */
export function pod(name: string, namespace: string) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...(name.endsWith("-") ? { generateName: name } : { name }), namespace },
    spec: { containers: [{ name: "web", image: "web" }] },
  };
}

/** Specs by what they do at the levels. */
export const specs = {
  /** Accepted everywhere. */
  denyAll: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] },
  /** Accepted everywhere: one namespace by its name, one port. */
  named: {
    ingress: [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
            podSelector: { matchLabels: { app: "prometheus" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 9090 }],
      },
    ],
  },
  /** Accepted at baseline: anybody who wears the label gets in, so not at restricted. */
  labelled: {
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { team: "payments" } } }],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
    ],
  },
  /** Accepted at privileged alone: every namespace, one port. */
  everyNamespace: {
    ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 8080 }] }],
  },
  /** Accepted at privileged alone: a rule without peers. */
  anyone: { ingress: [{}] },
} as const satisfies Record<string, NetworkPolicySpec>;
