import type { ObjectMeta } from "../api/meta.ts";

/** When an object was created, in milliseconds since 1970 with the API server's whole seconds. */
export function createdMs(metadata: ObjectMeta | null | undefined): number | undefined {
  const at = Date.parse(metadata?.creationTimestamp ?? "");
  return Number.isNaN(at) ? undefined : at;
}
