import type { LabelSelector } from "../api/networkpolicy.ts";

/**
 * Parameters of the Network Policy Standards at one level. Names are those of the standard and of
 * the configuration file; `defaults.ts` holds the values of v1.
 */
export type Parameters = {
  readonly dnsPorts: readonly number[];
  readonly publicListeners: readonly PublicListener[];
  readonly minPrefixV4: number;
  readonly minPrefixV6: number;
  readonly maxBlocks: number;
  readonly maxInternetPorts: number;
  /** Ranges of pods and services, or "unknown" where nobody could read or configure them. */
  readonly clusterCIDRs: readonly string[] | "unknown";
  /** Set where `clusterCIDRs` holds the ranges of services, and nobody knows those of pods. */
  readonly podCIDRs?: "unknown";
  readonly allowedCIDRs: readonly string[];
  readonly allowedEndpoints: readonly string[];
  readonly annotations: readonly WeakeningAnnotation[];
  readonly platformNamespaceLabelKeys: readonly string[];
  readonly platformPodLabelKeys: readonly string[];
  readonly trustedNamespaceLabelKeys: readonly string[];
  readonly dnsPodLabels: { readonly [key: string]: readonly string[] };
  readonly maxPorts: number;
};

export type PublicListener = {
  readonly namespaces: readonly string[];
  readonly podSelector: LabelSelector;
  readonly ports: readonly (number | string | ListenerPort)[];
};

export type ListenerPort = {
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly port: number | string;
  readonly endPort?: number;
};

/** An annotation that makes some plugin ignore a standard policy, and when its value does so. */
export type WeakeningAnnotation = {
  readonly key: string;
  readonly weakens: "exactly" | "unless-ovn-provider";
  readonly value?: string;
};

/** The parameters that each level is judged with. */
export type LevelParameters = { readonly baseline: Parameters; readonly restricted: Parameters };
