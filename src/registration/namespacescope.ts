import { type Exclusion, parseExclusion } from "../api/excluded.ts";
import { builtInExcludedNamespaces, defaultDenyLabel, namespaceNameLabel } from "../api/names.ts";
import { celExcluded, celList, celString } from "./cel.ts";
import type { Json } from "./object.ts";
import type { RegistrationOptions } from "./options.ts";

export type MatchCondition = { readonly name: string; readonly expression: string };

/** Every namespace that default deny never concerns. */
export function exclusion(options: RegistrationOptions): Exclusion {
  return parseExclusion(options.excludedNamespaces, options.ownNamespace);
}

/**
 * A new namespace that is not excluded. By name and not by the label
 * `kubernetes.io/metadata.name`: with `generateName` that label is still the client's own when
 * mutation runs, so a forged one would escape. `isGeneratedExcluded` of `src/api` says the same:
 * what will be generated can only be known to match a prefix, and its base is cut to 58 characters.
 */
export function inScope(options: RegistrationOptions): MatchCondition {
  const excluded = exclusion(options);
  const name = 'object.metadata.?name.orValue("")';
  const generated = 'object.metadata.?generateName.orValue("")';
  const certain = `${celList(excluded.prefixes)}.exists(prefix, size(prefix) <= 58 && ${generated}.startsWith(prefix))`;
  const whole = celExcluded(name, excluded);
  const expression =
    excluded.prefixes.length > 0 ? `!(${name} != "" ? (${whole}) : ${certain})` : `!(${whole})`;
  return { name: "not-excluded", expression };
}

/** A new namespace whose default deny is enabled, by its own label or by the configuration. */
export function startsPending(options: RegistrationOptions): MatchCondition {
  const label = `object.metadata.?labels[?${celString(defaultDenyLabel)}]`;
  return {
    name: "default-deny-is-enabled",
    expression: `${label}.orValue(${celString(options.newNamespaces)}) == "enabled"`,
  };
}

/** Selects, for objects in a namespace, those with default deny that can never be excluded. */
export function denyingNamespaces(options: RegistrationOptions): readonly Json[] {
  const values = [...builtInExcludedNamespaces, options.ownNamespace];
  return [
    { key: defaultDenyLabel, operator: "In", values: ["enabled"] },
    { key: namespaceNameLabel, operator: "NotIn", values },
  ];
}

/** The configured exclusions, which the selector cannot express, for objects in a namespace. */
export function notExcluded({
  excludedNamespaces,
}: RegistrationOptions): readonly MatchCondition[] {
  return outside("not-excluded", excludedNamespaces);
}

/** A condition that none of the patterns matches a namespace, by default that of the request. */
export function outside(
  name: string,
  patterns: readonly string[],
  namespace = "request.namespace",
): readonly MatchCondition[] {
  if (patterns.length === 0) return [];
  const names = patterns.filter((pattern) => !pattern.endsWith("*"));
  const prefixes = patterns
    .filter((pattern) => pattern.endsWith("*"))
    .map((pattern) => pattern.slice(0, -1));
  return [{ name, expression: `!(${celExcluded(namespace, { names, prefixes })})` }];
}
