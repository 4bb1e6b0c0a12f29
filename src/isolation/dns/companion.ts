import { lookup } from "../../api/meta.ts";
import { allowDNSPolicy } from "../../api/names.ts";
import type { EgressRule, NetworkPolicy } from "../../api/networkpolicy.ts";
import { isEqual } from "../../engine/equal.ts";
import { managedBy, managedByLabel } from "../desired.ts";

/**
 * The policy beside the deny-all that lets all pods of a namespace ask the cluster's DNS; without
 * rules, it allows nothing more. `ingress` is written out for the same reason as in the deny-all.
 */
export function desiredCompanion(namespace: string, egress: readonly EgressRule[]) {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: allowDNSPolicy, namespace, labels: { [managedByLabel]: managedBy } },
    spec: { podSelector: {}, policyTypes: ["Egress"], ingress: [], egress },
  } as const satisfies NetworkPolicy;
}

/** True when the stored policy says exactly this and nothing else. */
export function says(policy: NetworkPolicy, egress: readonly EgressRule[]): boolean {
  const { spec } = policy;
  const stored = {
    podSelector: spec?.podSelector ?? {},
    policyTypes: spec?.policyTypes ?? [],
    ingress: spec?.ingress ?? [],
    egress: spec?.egress ?? [],
  };
  return isEqual(stored, desiredCompanion("", egress).spec);
}

/** True when the policy is marked as Ringfence's. */
export function isOurs({ metadata }: NetworkPolicy): boolean {
  return lookup(metadata?.labels, managedByLabel) === managedBy;
}
