import type { Invalid } from "./invalid.ts";
import { validateKind } from "./kind.ts";
import { validateMetadata } from "./metadata.ts";
import { dialectOf, type Minor } from "./minor.ts";
import type { Found } from "./schema.ts";
import { networkPolicy } from "./shape.ts";
import { validateSpec } from "./spec.ts";

export type { Invalid } from "./invalid.ts";
export type { Minor } from "./minor.ts";

/**
 * Why an API server of Kubernetes 1.`minor` refuses to create the NetworkPolicy; empty when it
 * does not. As there, each stage is reported alone: wrong kind, wrong types, unknown fields, rules.
 */
export function validateNetworkPolicy(object: unknown, minor: Minor): readonly Invalid[] {
  const value = object ?? {};
  const otherwise = validateKind(value);
  if (otherwise.length > 0) return otherwise;
  const found: Found = { mistyped: [], unknown: [] };
  const decoded = networkPolicy.read(value, { path: "", owner: "", field: "" }, found);
  const { mistyped, unknown } = found;
  if (mistyped.length > 0) return firstStopping(mistyped);
  if (unknown.length > 0) return unknown;
  const dialect = dialectOf(minor);
  return [
    ...validateMetadata(decoded.metadata ?? {}, dialect),
    ...validateSpec(decoded.spec ?? {}, dialect),
  ];
}

/** The server names one value only: the first that stops it, or else the first of all. */
function firstStopping(mistyped: Found["mistyped"]): readonly Invalid[] {
  const stopping = mistyped.filter(({ stops }) => stops);
  const others = mistyped.filter(({ stops }) => !stops);
  return [...stopping, ...others].map(({ path, message }) => ({ path, message }));
}
