import type { Exclusion } from "../api/excluded.ts";

/** A CEL string literal; JSON's escapes are a subset of CEL's. */
export function celString(value: string): string {
  return JSON.stringify(value);
}

/** A CEL list of string literals. */
export function celList(values: readonly string[]): string {
  return `[${values.map(celString).join(", ")}]`;
}

/** A CEL expression that is true when `name` (an expression) is excluded. */
export function celExcluded(name: string, { names, prefixes }: Exclusion): string {
  return anyOf([
    ...(names.length > 0 ? [`${name} in ${celList(names)}`] : []),
    ...(prefixes.length > 0 ? [startsWithAny(name, prefixes)] : []),
  ]);
}

/** A CEL expression that is true when `name` starts with one of the prefixes. */
export function startsWithAny(name: string, prefixes: readonly string[]): string {
  return `${celList(prefixes)}.exists(prefix, ${name}.startsWith(prefix))`;
}

function anyOf(clauses: readonly string[]): string {
  return clauses.length > 0 ? clauses.join(" || ") : "false";
}
