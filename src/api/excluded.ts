import { builtInExcludedNamespaces, systemNamespace } from "./names.ts";

/** The namespaces that are never marked, gated or isolated, split as a CEL expression needs it. */
export type Exclusion = { readonly names: readonly string[]; readonly prefixes: readonly string[] };

/**
 * The built-in exclusions, Ringfence's own namespace, and the configured ones: exact names, or a
 * prefix with a trailing `*` (a lone `*` is the empty prefix and excludes every namespace).
 */
export function parseExclusion(
  configured: readonly string[],
  ownNamespace: string = systemNamespace,
): Exclusion {
  const names = new Set<string>([...builtInExcludedNamespaces, ownNamespace]);
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

/** The API server keeps this much of `generateName` and appends five characters. */
const generatedBase = 58;

/**
 * True when every name that can come out of this `generateName` is excluded. An exact name never is:
 * `generateName: default` makes a namespace that only begins like the excluded one.
 */
export function isGeneratedExcluded(exclusion: Exclusion, generateName: string): boolean {
  const base = generateName.slice(0, generatedBase);
  return exclusion.prefixes.some((prefix) => base.startsWith(prefix));
}
