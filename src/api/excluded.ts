import { builtInExcludedNamespaces, systemNamespace } from "./names.ts";

/** The namespaces that are never marked, gated or isolated, split as a CEL expression needs it. */
export type Exclusion = { readonly names: readonly string[]; readonly prefixes: readonly string[] };

/**
 * The built-in exclusions, Ringfence's own namespace, and the configured ones: exact names, or a
 * prefix with a trailing `*` (a lone `*` is the empty prefix and excludes every namespace).
 */
export function parseExclusion(configured: readonly string[]): Exclusion {
  const names = new Set<string>([...builtInExcludedNamespaces, systemNamespace]);
  const prefixes = new Set<string>();
  for (const pattern of configured) {
    if (pattern.endsWith("*")) prefixes.add(pattern.slice(0, -1));
    else names.add(pattern);
  }
  return { names: [...names], prefixes: [...prefixes] };
}

/** True when a namespace of this name is never marked, gated or isolated. */
export function isExcluded(exclusion: Exclusion, namespace: string): boolean {
  return (
    exclusion.names.includes(namespace) ||
    exclusion.prefixes.some((prefix) => namespace.startsWith(prefix))
  );
}
