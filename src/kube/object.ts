import type { ObjectMeta } from "../api/meta.ts";

/** Any API object as it stands on the wire. Never a generated model: those lose fields. */
export type KubeObject = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
};

/** `namespace/name`, or `name` for cluster-scoped objects. */
export function keyOf(metadata: ObjectMeta): string {
  const name = metadata.name ?? "";
  return metadata.namespace ? `${metadata.namespace}/${name}` : name;
}
