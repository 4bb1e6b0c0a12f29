import { lookup } from "../api/meta.ts";
import { defaultDenyLabel, isolationLabel } from "../api/names.ts";
import type { DefaultDeny } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { managedBy, managedByLabel } from "./desired.ts";
import { effectiveDefaultDeny } from "./effective.ts";
import { isExcluded, type IsolationSettings } from "./scope.ts";
import { isolates } from "./isolates.ts";
import type { LabelReason, Origin } from "./ports.ts";

/** All that is known about one namespace at one moment. */
export type Situation = {
  readonly namespace: Namespace | undefined;
  /** The NetworkPolicy `ringfence-default-deny` in it. */
  readonly managed: NetworkPolicy | undefined;
  /** What a missing label means: `newNamespaces` or `existingNamespaces`, by when it appeared. */
  readonly fallback: DefaultDeny;
  /** Created while new namespaces are to be isolated, and not before. */
  readonly isNew: boolean;
};

/** The next write, or why there is none. */
export type Plan =
  | {
      readonly step: "nothing";
      readonly reason: "absent" | "excluded" | "terminating" | "not-enabled" | "isolated";
    }
  | { readonly step: "apply-policy"; readonly reason: "missing" | "opened" | "unmanaged" }
  | { readonly step: "apply-labels"; readonly reason: LabelReason }
  | { readonly step: "remove-isolation-label"; readonly reason: "not-enabled" };

/** Both are always applied together: an apply without a label that we own would remove it. */
export const readyLabels = { [defaultDenyLabel]: "enabled", [isolationLabel]: "ready" } as const;

/**
 * What to do next. The policy comes before the labels: `ready` must never be said of an open
 * namespace. Where default deny is not enabled, an existing deny-all stays (removing it would open
 * the namespace; that is for its owner to do, and no longer refused), but Ringfence takes back the
 * isolation label, because it no longer upholds what the label says.
 */
export function planIsolation(situation: Situation, settings: IsolationSettings): Plan {
  const { namespace, managed, fallback, isNew } = situation;
  if (!namespace) return { step: "nothing", reason: "absent" };
  if (isExcluded(namespace.metadata.name ?? "", settings)) {
    return { step: "nothing", reason: "excluded" };
  }
  if (isTerminating(namespace)) return { step: "nothing", reason: "terminating" };

  const { value, source } = effectiveDefaultDeny(namespace, fallback);
  const isolation = lookup(namespace.metadata.labels, isolationLabel);
  if (value !== "enabled") {
    return isolation === undefined
      ? { step: "nothing", reason: "not-enabled" }
      : { step: "remove-isolation-label", reason: "not-enabled" };
  }
  if (!managed) return { step: "apply-policy", reason: "missing" };
  if (!isolates(managed)) return { step: "apply-policy", reason: "opened" };
  if (lookup(managed.metadata?.labels, managedByLabel) !== managedBy) {
    return { step: "apply-policy", reason: "unmanaged" };
  }
  if (source === "default") {
    return { step: "apply-labels", reason: isNew ? "unmarked" : "existing" };
  }
  if (source === "unreadable") return { step: "apply-labels", reason: "unreadable" };
  if (isolation !== "ready") return { step: "apply-labels", reason: "pending" };
  return { step: "nothing", reason: "isolated" };
}

/** Why this namespace is isolated; `pending` is only ever set at creation. */
export function originOf({ metadata }: Namespace, isNew: boolean): Origin {
  if (lookup(metadata.labels, isolationLabel) === "pending") return "marked";
  if (lookup(metadata.labels, defaultDenyLabel) !== undefined) return "opted-in";
  return isNew ? "unmarked" : "existing";
}

/** True once a namespace is being deleted. */
export function isTerminating(namespace: Namespace): boolean {
  return Boolean(namespace.metadata.deletionTimestamp) || namespace.status?.phase === "Terminating";
}
