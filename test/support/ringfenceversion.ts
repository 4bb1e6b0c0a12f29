import { sharedControlPlane } from "./controlplane.ts";

/** True where the API server serves MutatingAdmissionPolicy v1: from 1.36 on it marks by itself. */
export function marksByPolicy(): boolean {
  return minor() >= 36;
}

/** The minor version of the shared control plane. */
export function minor(): number {
  return Number(/^v?1\.(\d+)/.exec(sharedControlPlane().version)?.[1]);
}
