/** A CEL string literal; JSON's escapes are a subset of CEL's. */
export function celString(value: string): string {
  return JSON.stringify(value);
}

/** A CEL list of string literals. */
export function celList(values: readonly string[]): string {
  return `[${values.map(celString).join(", ")}]`;
}

/**
 * A CEL expression that is true when `name` (an expression) matches one of the patterns: exact
 * names, or prefixes with a trailing `*`.
 */
export function celMatches(name: string, patterns: readonly string[]): string {
  const exact = patterns.filter((pattern) => !pattern.endsWith("*"));
  const prefixes = patterns.filter((pattern) => pattern.endsWith("*"));
  const starts = celList(prefixes.map((pattern) => pattern.slice(0, -1)));
  const clauses = [
    ...(exact.length > 0 ? [`${name} in ${celList(exact)}`] : []),
    ...(prefixes.length > 0 ? [`${starts}.exists(prefix, ${name}.startsWith(prefix))`] : []),
  ];
  return clauses.length > 0 ? clauses.join(" || ") : "false";
}
