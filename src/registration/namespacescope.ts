import { builtInExcludedNamespaces, defaultDenyLabel } from "../api/names.ts";
import { celMatches, celString } from "./cel.ts";
import type { RegistrationOptions } from "./options.ts";

export type MatchCondition = { readonly name: string; readonly expression: string };

/** Every namespace that default deny never concerns, as patterns. */
export function excludedPatterns(options: RegistrationOptions): readonly string[] {
  return [...builtInExcludedNamespaces, options.ownNamespace, ...options.excludedNamespaces];
}

/**
 * A new namespace that is not excluded. By name and not by the label
 * `kubernetes.io/metadata.name`: with `generateName` that label is still the client's own when
 * mutation runs, so a forged one would escape. A generated name can only match a prefix.
 */
export function inScope(options: RegistrationOptions): MatchCondition {
  const name = 'object.metadata.?name.orValue(object.metadata.?generateName.orValue(""))';
  return {
    name: "not-excluded",
    expression: `!(${celMatches(name, excludedPatterns(options))})`,
  };
}

/** A new namespace whose default deny is enabled, by its own label or by the configuration. */
export function startsPending(options: RegistrationOptions): MatchCondition {
  const label = `object.metadata.?labels[?${celString(defaultDenyLabel)}]`;
  return {
    name: "default-deny-is-enabled",
    expression: `${label}.orValue(${celString(options.newNamespaces)}) == "enabled"`,
  };
}
