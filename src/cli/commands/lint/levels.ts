import { type Level, levels, modes, type Version } from "../../../api/level.ts";
import { type Labels } from "../../../api/meta.ts";
import {
  type LabelError,
  type NamespacePolicy,
  parseNamespacePolicy,
} from "../../../engine/namespacepolicy.ts";
import { type ManifestObject, own } from "../../../manifests/objects.ts";

/** What holds in a namespace of the input, and what is wrong with its labels. */
export type NamespaceLevels = {
  readonly namespacePolicy: NamespacePolicy;
  readonly errors: readonly LabelError[];
};

/** Reads the labels of a Namespace as the webhook would. */
export function levelsOf({ value }: ManifestObject, defaults: NamespacePolicy): NamespaceLevels {
  return parseNamespacePolicy(labelsOf(own(own(value, "metadata"), "labels")), defaults);
}

/** Labels that are no text cannot be created; here they mean what an unreadable value means. */
function labelsOf(written: unknown): Labels {
  if (typeof written !== "object" || written === null) return {};
  const entries = Object.entries(written).map(([key, value]) => {
    return [key, typeof value === "string" ? value : JSON.stringify(value)] as const;
  });
  return Object.fromEntries(entries);
}

/** One level for everything: it is enforced, and nothing else is asked. */
export function fixedLevel(level: Level, version: Version): NamespacePolicy {
  const none = { level: "privileged", version } as const;
  return { enforce: { level, version }, audit: none, warn: none };
}

/** Of two namespaces with one name nobody knows which will hold: the stricter, mode by mode. */
export function stricter(a: NamespacePolicy, b: NamespacePolicy): NamespacePolicy {
  const [enforce, audit, warn] = modes.map((mode) =>
    levels.indexOf(a[mode].level) >= levels.indexOf(b[mode].level) ? a[mode] : b[mode],
  );
  return { enforce: enforce ?? a.enforce, audit: audit ?? a.audit, warn: warn ?? a.warn };
}
