import type { Protocol } from "../netpol/ports.ts";
import type { AddressSet } from "../rules/standard.ts";

export type Labels = ReadonlyMap<string, string>;

/**
 * What is known of the cluster that a policy is for. Each part may be missing: a warning that needs
 * it then stays silent.
 */
export type ClusterFacts = {
  /**
   * True when the parts are all there is: what they do not hold does not exist. False for files,
   * which show only a part of a cluster.
   */
  readonly complete: boolean;
  readonly ranges?: ClusterRanges;
  /** The labels of each namespace, that of its name included, by its name. */
  readonly namespaces?: ReadonlyMap<string, Labels>;
  /** Pods and what they are made from, by namespace. */
  readonly pods?: ReadonlyMap<string, readonly KnownPod[]>;
  /** Services that select pods and have an address of their own, by namespace. */
  readonly services?: ReadonlyMap<string, readonly KnownService[]>;
};

/** Who owns which addresses. */
export type ClusterRanges = { readonly [K in RangeKind]?: AddressSet };
export type RangeKind = "pods" | "services" | "nodes";

/** A pod, or a template of pods. */
export type KnownPod = { readonly labels: Labels; readonly ports: readonly ContainerPort[] };

/** A port that a container declares; pods may listen on others as well. */
export type ContainerPort = {
  readonly name: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
};

export type KnownService = {
  readonly name: string;
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
};

export type ServicePort = {
  readonly protocol: Protocol;
  readonly port: number;
  /** Where the pods listen: a number, or the name of a container's port. */
  readonly targetPort: number | string;
};
