import type { Level } from "../api/level.ts";

/** What every server command takes. */
export type ServeOptions = {
  /** Configuration file; the defaults when absent. */
  readonly config?: string;
  readonly logLevel: string;
};

export type DevOptions = ServeOptions & {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Address to listen on. */
  readonly listen: string;
  /** Port of the webhook; 0 takes a free one. */
  readonly port: number;
  /** Host name or address under which the API server reaches this machine. */
  readonly advertise: string;
  /** Port of livez, readyz and metrics, plain HTTP, on this machine alone; none when absent. */
  readonly healthPort?: number;
};

export type StartOptions = DevOptions & {
  /** Minor version of the local control plane, e.g. `1.37`. */
  readonly kubernetes?: string;
};

export type InClusterOptions = ServeOptions & {
  readonly kubeconfig?: string;
  /** Ringfence's own namespace. */
  readonly namespace: string;
  /** Port of livez, readyz and metrics, plain HTTP. */
  readonly healthPort: number;
};

export type WebhookOptions = InClusterOptions & {
  readonly listen: string;
  readonly port: number;
  /** Name of the Service in front of the replicas. */
  readonly service: string;
  /** Name of the Secret that holds the CA. */
  readonly secret: string;
};

export type ControllerOptions = InClusterOptions & {
  /** Name of this replica in the leader election. */
  readonly identity: string;
  readonly secret: string;
};

export const lintFormats = ["text", "json"] as const;
export type LintFormat = (typeof lintFormats)[number];

/** A report, and where it goes: a file, or standard output. */
export type Output = { readonly format: LintFormat; readonly file?: string };

export type LintOptions = {
  /** Configuration file; the defaults when absent. */
  readonly config?: string;
  /** Judge everything at this level, whatever the namespaces say. */
  readonly level?: Level;
  /** Namespace of objects that name none. */
  readonly namespace: string;
  /** Minor version of Kubernetes whose validation holds, e.g. `1.37`; the newest known when absent. */
  readonly kubernetes?: string;
  readonly output: readonly Output[];
};
