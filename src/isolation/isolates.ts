import type { LabelSelector, NetworkPolicy } from "../api/networkpolicy.ts";

/**
 * True when this NetworkPolicy alone denies all traffic of all pods of its namespace: it selects
 * every pod, in both directions, and has no rule. Without written `policyTypes` it is false: the
 * API server would add Egress only when there are egress rules.
 */
export function isolates(policy: NetworkPolicy): boolean {
  const spec = policy.spec;
  if (!spec) return false;
  const types = spec.policyTypes ?? [];
  return (
    selectsEverything(spec.podSelector) &&
    types.includes("Ingress") &&
    types.includes("Egress") &&
    !spec.ingress?.length &&
    !spec.egress?.length
  );
}

function selectsEverything(selector: LabelSelector | null | undefined): boolean {
  return (
    Object.keys(selector?.matchLabels ?? {}).length === 0 && !selector?.matchExpressions?.length
  );
}
