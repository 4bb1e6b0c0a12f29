import type { ObjectMeta } from "../api/meta.ts";

export type Stored = { readonly metadata?: ObjectMeta | null };

/**
 * The resourceVersion as the number that it is, so that two states of a cluster can be put in
 * order; 0 when it is missing or something else.
 */
export function revision(object: Stored | undefined): bigint {
  const version = object?.metadata?.resourceVersion ?? "";
  return /^\d{1,20}$/.test(version) ? BigInt(version) : 0n;
}
