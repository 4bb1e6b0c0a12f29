import type { Labels } from "../../api/meta.ts";
import type { NetworkPolicy } from "../../api/networkpolicy.ts";

/** A state of a cluster, as far as NetworkPolicies look at it. */
export type State = {
  /** As on the wire; one without a namespace is in `default`. */
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly namespaces: readonly NamespaceInput[];
  readonly pods: readonly Pod[];
};

/** A namespace; `kubernetes.io/metadata.name` is added, whatever the labels say about it. */
export type NamespaceInput = { readonly name: string; readonly labels?: Labels | null };

/** A pod, running or planned. */
export type Pod = {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Labels | null;
  /** The ports of its containers; only those with a name matter. */
  readonly ports?: readonly ContainerPort[] | null;
  /** `status.podIPs`; left out when they are not known. */
  readonly addresses?: readonly string[];
  /** `status.hostIPs`: the addresses of the node that it runs on. */
  readonly hostAddresses?: readonly string[];
  readonly hostNetwork?: boolean | null;
};

/** An item of `spec.containers[].ports`. */
export type ContainerPort = {
  readonly name?: string | null;
  readonly containerPort: number;
  readonly protocol?: string | null;
};

export type PodRef = { readonly namespace: string; readonly name: string };
export type PolicyRef = { readonly namespace: string; readonly name: string };

/** A rule of a NetworkPolicy, or one of its peers: `spec.ingress[0].from[1]`. */
export type RuleRef = { readonly policy: PolicyRef; readonly path: string };

/** An object that takes no part in any answer, and the place that keeps it from being read. */
export type NotEvaluated = {
  readonly kind: "NetworkPolicy" | "Namespace" | "Pod";
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly message: string;
};
