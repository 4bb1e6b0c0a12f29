/** A kind of object by where the API server serves it. */
export type Resource = {
  /** `v1`, or `group/version`. */
  readonly apiVersion: string;
  /** Lower-case plural, as in URLs. */
  readonly plural: string;
};

export const namespaces: Resource = { apiVersion: "v1", plural: "namespaces" };
export const networkPolicies: Resource = {
  apiVersion: "networking.k8s.io/v1",
  plural: "networkpolicies",
};
export const pods: Resource = { apiVersion: "v1", plural: "pods" };
export const events: Resource = { apiVersion: "events.k8s.io/v1", plural: "events" };
export const leases: Resource = { apiVersion: "coordination.k8s.io/v1", plural: "leases" };

/** Path of a collection: of one namespace, or of the whole cluster. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const root = resource.apiVersion.includes("/") ? "/apis" : "/api";
  const base = `${root}/${resource.apiVersion.split("/").map(segment).join("/")}`;
  const scope = namespace === undefined ? "" : `/namespaces/${segment(namespace)}`;
  return `${base}${scope}/${segment(resource.plural)}`;
}

/** Path of one object; leave `namespace` out for cluster-scoped kinds. */
export function objectPath(
  resource: Resource,
  name: string,
  namespace?: string,
  subresource?: string,
): string {
  const tail = subresource === undefined ? "" : `/${segment(subresource)}`;
  return `${collectionPath(resource, namespace)}/${segment(name)}${tail}`;
}

/** An empty name would turn "delete this" into "delete all", so it is a defect here. */
function segment(value: string): string {
  if (value === "" || value === "." || value === "..")
    throw new Error(`${JSON.stringify(value)} cannot be part of an API path`);
  return encodeURIComponent(value);
}
