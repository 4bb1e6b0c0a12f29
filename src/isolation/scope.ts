import * as excluded from "../api/excluded.ts";
import type { DefaultDeny } from "../api/names.ts";

/** The part of the configuration that isolation follows. */
export type IsolationSettings = {
  readonly newNamespaces: DefaultDeny;
  readonly existingNamespaces: DefaultDeny;
  /** Beside the built-in ones and `ownNamespace`; exact names, or a prefix with a trailing `*`. */
  readonly excludedNamespaces: readonly string[];
  readonly ownNamespace: string;
};

/** True for namespaces that Ringfence never isolates nor labels, whatever their labels say. */
export function isExcluded(name: string, settings: IsolationSettings): boolean {
  const { excludedNamespaces, ownNamespace } = settings;
  return excluded.isExcluded(excluded.parseExclusion(excludedNamespaces, ownNamespace), name);
}
