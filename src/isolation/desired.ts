import { defaultDenyPolicy } from "../api/names.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";

export const managedByLabel = "app.kubernetes.io/managed-by";
export const managedBy = "ringfence";

/**
 * The deny-all of a namespace. The empty rule lists are written out: an apply without them would
 * leave rules in place that somebody else added.
 */
export function desiredPolicy(namespace: string) {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: defaultDenyPolicy, namespace, labels: { [managedByLabel]: managedBy } },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] },
  } as const satisfies NetworkPolicy;
}
