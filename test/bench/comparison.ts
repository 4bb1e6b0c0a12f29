import type { KubeClient } from "../../src/kube/client.ts";
import { objectPath } from "../../src/kube/path.ts";

const apiVersion = "admissionregistration.k8s.io/v1";
const metadata = { name: "bench-comparison" };
const policyPath = objectPath({ apiVersion, plural: "validatingadmissionpolicies" }, metadata.name);
const bindingPath = objectPath(
  { apiVersion, plural: "validatingadmissionpolicybindings" },
  metadata.name,
);

/** The cheapest guard there is: a CEL policy of one line inside the API server. */
export async function applyComparison(client: KubeClient, signal: AbortSignal): Promise<void> {
  const networkPolicies = {
    apiGroups: ["networking.k8s.io"],
    apiVersions: ["v1"],
    resources: ["networkpolicies"],
    operations: ["CREATE", "UPDATE"],
  };
  const expression =
    "!has(object.spec.ingress) || object.spec.ingress.all(r, has(r.from) && size(r.from) > 0)";
  const policy = {
    apiVersion,
    kind: "ValidatingAdmissionPolicy",
    metadata,
    spec: { matchConstraints: { resourceRules: [networkPolicies] }, validations: [{ expression }] },
  };
  const binding = {
    apiVersion,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata,
    spec: { policyName: metadata.name, validationActions: ["Deny"] },
  };
  await client.apply(policyPath, policy, {}, signal);
  await client.apply(bindingPath, binding, {}, signal);
}

export async function removeComparison(client: KubeClient, signal: AbortSignal): Promise<void> {
  await client.delete(bindingPath, {}, signal);
  await client.delete(policyPath, {}, signal);
}
