import type { Marking } from "./options.ts";

export type MarkingSetting = "auto" | Marking;

/** The API that marking by policy needs; group, version and resource joined by slashes. */
export const markingApi = "admissionregistration.k8s.io/v1/mutatingadmissionpolicies";

/**
 * Who marks namespaces, and why. A configured `policy` that the API server does not serve becomes
 * `webhook`: an unmarked namespace would be an open one.
 */
export function resolveMarking(
  setting: MarkingSetting,
  servedApis: ReadonlySet<string>,
): { readonly marking: Marking; readonly reason: string } {
  if (setting === "webhook") return { marking: "webhook", reason: "configured" };
  if (servedApis.has(markingApi)) {
    return { marking: "policy", reason: "the API server serves MutatingAdmissionPolicy v1" };
  }
  return { marking: "webhook", reason: "the API server does not serve MutatingAdmissionPolicy v1" };
}
