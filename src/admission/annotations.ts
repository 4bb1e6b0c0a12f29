import { cleanLine, cut } from "./text.ts";

/**
 * The audit annotations that Ringfence writes. The API server prefixes each with the webhook's name
 * and a slash, so a key has none itself and at most 63 characters.
 */
export type AnnotationKey =
  | "enforce-policy"
  | "audit-violations"
  | "exempt"
  | "not-evaluated"
  | "namespace-errors"
  | "gate";

/** Audit events have a size limit of their own, shared with the objects in them. */
const maxCharacters = 4_096;

/** Audit annotations with bounded values; what has no value is left out. */
export function boundAnnotations(values: {
  readonly [key in AnnotationKey]?: string | undefined;
}): { readonly [key: string]: string } {
  const bounded: { [key: string]: string } = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== "") bounded[key] = cut(cleanLine(value), maxCharacters);
  }
  return bounded;
}
