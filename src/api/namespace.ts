import type { ObjectMeta } from "./meta.ts";

/** `v1` Namespace, as far as Ringfence reads it. */
export type Namespace = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly status?: { readonly phase?: string };
};
