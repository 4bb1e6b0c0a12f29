import type { AdmissionObject, AdmissionRequest } from "../../src/api/admission.ts";
import type { Labels } from "../../src/api/meta.ts";
import type { NetworkPolicy, NetworkPolicySpec } from "../../src/api/networkpolicy.ts";

const developer = { username: "jane", groups: ["developers", "system:authenticated"] };

/** A deny-all, in the spelling of the API server. */
export const denyAll: NetworkPolicySpec = {
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
};

/** A NetworkPolicy named `web` in namespace `shop`. */
export function networkPolicy(spec: NetworkPolicySpec = denyAll): NetworkPolicy & AdmissionObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "web", namespace: "shop" },
    spec,
  };
}

/** CREATE of a NetworkPolicy by a developer; `changes` replace fields of the request. */
export function policyRequest(changes: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    uid: "11111111-2222-3333-4444-555555555555",
    kind: { group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy" },
    resource: { group: "networking.k8s.io", version: "v1", resource: "networkpolicies" },
    operation: "CREATE",
    name: "web",
    namespace: "shop",
    userInfo: developer,
    object: networkPolicy(),
    ...changes,
  };
}

/** CREATE of namespace `shop`. */
export function namespaceRequest(
  labels: Labels | null | undefined,
  changes: Partial<AdmissionRequest> = {},
): AdmissionRequest {
  return {
    uid: "66666666-7777-8888-9999-000000000000",
    kind: { group: "", version: "v1", kind: "Namespace" },
    resource: { group: "", version: "v1", resource: "namespaces" },
    operation: "CREATE",
    name: "shop",
    namespace: "shop",
    userInfo: developer,
    object: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: labels === undefined ? { name: "shop" } : { name: "shop", labels },
    },
    ...changes,
  };
}

/** CREATE of a pod in namespace `shop`. */
export function podRequest(changes: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    uid: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: { group: "", version: "v1", resource: "pods" },
    operation: "CREATE",
    name: "web-0",
    namespace: "shop",
    userInfo: developer,
    object: { apiVersion: "v1", kind: "Pod", metadata: { name: "web-0", namespace: "shop" } },
    ...changes,
  };
}

/** The review around a request, as the API server sends it. */
export function reviewOf(request: AdmissionRequest): string {
  return JSON.stringify({
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request,
  });
}
