import type { ManifestObject } from "../../../manifests/objects.ts";

/** True for what is judged. */
export function isNetworkPolicy({ apiVersion, kind }: ManifestObject): boolean {
  return kind === "NetworkPolicy" && apiVersion === "networking.k8s.io/v1";
}

export function isNamespace({ apiVersion, kind }: ManifestObject): boolean {
  return kind === "Namespace" && apiVersion === "v1";
}

/** Why an object of another kind is not evaluated. */
export function reasonOf(object: ManifestObject): string {
  const { apiVersion, kind } = object;
  const name = `${kind} (${apiVersion})`;
  if (kind === "NetworkPolicy" && /^(extensions|networking\.k8s\.io)\//.test(apiVersion)) {
    return `${name}: no supported version of Kubernetes serves it`;
  }
  return isOtherNetworkPolicy(object) ? `${name}: it can open traffic, too` : name;
}

/** Kinds of network plugins and of newer APIs, whose rules count beside those of NetworkPolicies. */
function isOtherNetworkPolicy({ apiVersion, kind }: ManifestObject): boolean {
  if (kind.endsWith("NetworkPolicy")) return true;
  return apiVersion.startsWith("k8s.ovn.org/") && ovnKinds.has(kind);
}

const ovnKinds = new Set(["EgressFirewall", "AdminPolicyBasedExternalRoute"]);
