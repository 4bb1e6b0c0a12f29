import type { LevelParameters, Parameters } from "../../src/rules/parameters.ts";

const baseline: Parameters = {
  dnsPorts: [53, 5353],
  publicListeners: [],
  minPrefixV4: 8,
  minPrefixV6: 16,
  maxBlocks: 4,
  maxInternetPorts: 16,
  clusterCIDRs: [],
  allowedCIDRs: [],
  allowedEndpoints: [],
  annotations: [
    {
      key: "ovn.kubernetes.io/network_policy_enforcement",
      weakens: "exactly",
      value: "lax",
    },
    { key: "ovn.kubernetes.io/network_policy_for", weakens: "unless-ovn-provider" },
    { key: "k8s.ovn.org/acl-stateless", weakens: "exactly", value: "true" },
  ],
  platformNamespaceLabelKeys: [],
  platformPodLabelKeys: [],
  trustedNamespaceLabelKeys: ["kubernetes.io/metadata.name"],
  dnsPodLabels: {
    "k8s-app": ["kube-dns", "coredns", "node-local-dns", "nodelocaldns"],
    "app.kubernetes.io/name": ["coredns", "kube-dns"],
    "eks.amazonaws.com/component": ["coredns"],
    "dns.operator.openshift.io/daemonset-dns": ["default"],
  },
  maxPorts: 1024,
};

/** The parameters of v1 as the standard prints them, with no cluster range known. */
export const standardParameters: LevelParameters = {
  baseline,
  restricted: { ...baseline, minPrefixV4: 16, minPrefixV6: 48 },
};
