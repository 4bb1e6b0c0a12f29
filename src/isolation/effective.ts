import { lookup } from "../api/meta.ts";
import { defaultDenyLabel, defaultDenyValues } from "../api/names.ts";
import type { DefaultDeny } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";

/** Whether a namespace is to be isolated, and who said so. */
export type Effective = {
  readonly value: DefaultDeny;
  readonly source: "label" | "default" | "unreadable";
};

/**
 * An explicit label always wins; `fallback` counts without one. An unreadable label means the
 * strictest value: somebody wanted something, and an open namespace is the worse guess.
 */
export function effectiveDefaultDeny(namespace: Namespace, fallback: DefaultDeny): Effective {
  const label = lookup(namespace.metadata.labels, defaultDenyLabel);
  if (label === undefined) return { value: fallback, source: "default" };
  const value = defaultDenyValues.find((known) => known === label);
  return value ? { value, source: "label" } : { value: "enabled", source: "unreadable" };
}
