import type { AdmissionRequest } from "../api/admission.ts";
import { systemNamespaces } from "../api/names.ts";
import { position } from "./verdict.ts";

/** Why a request is not judged at all, or undefined. */
export type Exempt = (request: AdmissionRequest) => "namespace" | "user" | "group" | undefined;

/**
 * The exemptions of the configuration, exact names only, and the system namespaces, where a refusal
 * could keep the cluster itself from working.
 */
export function createStaticExemption(configured: {
  readonly namespaces: readonly string[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
}): Exempt {
  const namespaces = new Set<string>([...systemNamespaces, ...configured.namespaces]);
  const users = new Set(configured.users);
  const groups = new Set(configured.groups);
  return (request) => {
    if (namespaces.has(position(request).namespace)) return "namespace";
    const { username, groups: memberOf } = request.userInfo;
    if (username && users.has(username)) return "user";
    return memberOf?.some((group) => groups.has(group)) ? "group" : undefined;
  };
}
