import type { Labels, ObjectMeta } from "./meta.ts";

/**
 * `networking.k8s.io/v1` NetworkPolicy exactly as it stands on the wire (field names of the API,
 * not of a generated client). Every optional field may also be null; `src/netpol/compile.ts`
 * alone decides what missing, null and empty mean.
 */
export type NetworkPolicy = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta | null;
  readonly spec?: NetworkPolicySpec | null;
};

export type NetworkPolicySpec = {
  readonly podSelector?: LabelSelector | null;
  readonly policyTypes?: readonly string[] | null;
  readonly ingress?: readonly (IngressRule | null)[] | null;
  readonly egress?: readonly (EgressRule | null)[] | null;
};

export type IngressRule = {
  readonly from?: readonly Peer[] | null;
  readonly ports?: readonly Port[] | null;
};

export type EgressRule = {
  readonly to?: readonly Peer[] | null;
  readonly ports?: readonly Port[] | null;
};

export type Peer = {
  readonly podSelector?: LabelSelector | null;
  readonly namespaceSelector?: LabelSelector | null;
  readonly ipBlock?: IPBlock | null;
};

export type IPBlock = { readonly cidr: string; readonly except?: readonly string[] | null };

export type Port = {
  readonly protocol?: string | null;
  readonly port?: number | string | null;
  readonly endPort?: number | null;
};

export type LabelSelector = {
  readonly matchLabels?: Labels | null;
  readonly matchExpressions?: readonly Requirement[] | null;
};

export type Requirement = {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | null;
};
