/** Object metadata as it stands on the wire; only the fields that Ringfence reads. */
export type ObjectMeta = {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string | null;
  readonly deletionTimestamp?: string | null;
  readonly labels?: Labels | null;
  readonly annotations?: Labels | null;
  readonly managedFields?: readonly ManagedFields[] | null;
};

/**
 * A label or annotation map straight from JSON. Keys may be `constructor` or `__proto__`:
 * never index it, go through `Object.entries` or `lookup`.
 */
export type Labels = { readonly [key: string]: string };

export type ManagedFields = {
  readonly manager?: string;
  readonly operation?: string;
  readonly fieldsV1?: unknown;
  readonly subresource?: string;
};

/** The value of one label, or undefined; safe for keys that `Object.prototype` also has. */
export function lookup(labels: Labels | null | undefined, key: string): string | undefined {
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}
