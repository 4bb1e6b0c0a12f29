/** Names that other people's manifests, dashboards and runbooks refer to. */
export const labelPrefix = "ringfence.dev/";

export const defaultDenyLabel = "ringfence.dev/default-deny";
export const defaultDenyValues = ["enabled", "audit", "disabled"] as const;
export type DefaultDeny = (typeof defaultDenyValues)[number];

export const isolationLabel = "ringfence.dev/isolation";
export type Isolation = "pending" | "ready";

/** Set by the API server from the namespace's name; nobody can forge or remove it. */
export const namespaceNameLabel = "kubernetes.io/metadata.name";

export const defaultDenyPolicy = "ringfence-default-deny";
/** Stands beside the deny-all and lets DNS through. */
export const allowDNSPolicy = "ringfence-allow-dns";
export const fieldManager = "ringfence";
export const systemNamespace = "ringfence-system";

/** Never judged, marked or gated: what keeps the cluster itself alive. */
export const systemNamespaces = ["kube-system", "kube-public", "kube-node-lease"] as const;

/** Never marked or gated, beside Ringfence's own namespace and the configured ones. */
export const builtInExcludedNamespaces = [...systemNamespaces, "default"] as const;
