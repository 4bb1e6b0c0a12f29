import type { Labels, ObjectMeta } from "../../api/meta.ts";
import type { LabelSelector } from "../../api/networkpolicy.ts";

/** `v1` Service as it stands on the wire; only what DNS is found by. */
export type Service = {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly selector?: Labels | null;
    readonly ports?: readonly ServicePort[] | null;
  } | null;
};

export type ServicePort = {
  readonly name?: string | null;
  /** TCP when missing. */
  readonly protocol?: string | null;
  readonly port?: number | null;
  /** A number, or the name of a port of the pods; missing or 0 means `port`. */
  readonly targetPort?: number | string | null;
};

/** `discovery.k8s.io/v1` EndpointSlice without its endpoints. */
export type EndpointSlice = {
  readonly metadata: ObjectMeta;
  /** By the names of the Service's ports, with the numbers on which the pods listen. */
  readonly ports?:
    | readonly {
        readonly name?: string | null;
        readonly protocol?: string | null;
        readonly port?: number | null;
      }[]
    | null;
};

/** `apps/v1` DaemonSet; only what tells a node-local DNS cache and its addresses. */
export type DaemonSet = {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly selector?: LabelSelector | null;
    readonly template?: { readonly spec?: PodSpec | null } | null;
  } | null;
};

type PodSpec = {
  readonly hostNetwork?: boolean | null;
  readonly containers?: readonly Container[] | null;
};

type Container = {
  readonly command?: readonly string[] | null;
  readonly args?: readonly string[] | null;
};

/** What was read from the namespaces that may hold the cluster's DNS, and from no other. */
export type Seen = {
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly daemonSets: readonly DaemonSet[];
};
