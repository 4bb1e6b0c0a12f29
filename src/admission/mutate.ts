import type { AdmissionObject, AdmissionRequest } from "../api/admission.ts";
import { isExcluded, isGeneratedExcluded, type Exclusion } from "../api/excluded.ts";
import { pointer, type JsonPatch } from "../api/jsonpatch.ts";
import { lookup } from "../api/meta.ts";
import {
  defaultDenyLabel,
  defaultDenyValues,
  isolationLabel,
  type DefaultDeny,
} from "../api/names.ts";
import type { AdmissionHandler, Clock, DecisionRecorder } from "./ports.ts";
import { allowed, malformed, patched } from "./responses.ts";
import { answerOutside, type Scope } from "./scope.ts";
import { recordVerdicts, type Verdict } from "./verdict.ts";
import { boundWarnings } from "./warnings.ts";

const scope: Scope = {
  webhook: "mutate",
  resource: "namespaces",
  kind: { group: "", version: "v1", kind: "Namespace" },
  operations: ["CREATE"],
  subresources: false,
};

/** Marks every new namespace that is to be isolated, before its first pod can be admitted. */
export function createMutate(deps: {
  readonly newNamespaces: DefaultDeny;
  readonly exclusion: Exclusion;
  readonly recorder: DecisionRecorder;
  readonly clock: Clock;
}): AdmissionHandler {
  return recordVerdicts(
    "mutate",
    (request) => mark(request, deps.exclusion, deps.newNamespaces),
    deps,
  );
}

function mark(
  request: AdmissionRequest,
  exclusion: Exclusion,
  newNamespaces: DefaultDeny,
): Verdict {
  const outside = answerOutside(request, scope);
  if (outside) return outside;
  const { uid, object } = request;
  if (!object) {
    return { response: malformed(uid, "The request has no object."), because: "incomplete" };
  }
  if (isOutOfScope(request, exclusion)) return { response: allowed(uid), because: "excluded" };
  const patch = planMarking(object, newNamespaces);
  const warnings = boundWarnings(unreadable(object));
  return { response: patched(uid, patch, { warnings }), because: "marked" };
}

/** Mutation runs before a name is generated, so there may be only its beginning. */
function isOutOfScope({ name, object }: AdmissionRequest, exclusion: Exclusion): boolean {
  const known = name || object?.metadata?.name;
  return known
    ? isExcluded(exclusion, known)
    : isGeneratedExcluded(exclusion, object?.metadata?.generateName ?? "");
}

/** The patch that gives a new namespace its labels; empty when they are right already. */
export function planMarking(object: AdmissionObject, newNamespaces: DefaultDeny): JsonPatch {
  const labels = object.metadata?.labels;
  const own = lookup(labels, defaultDenyLabel);
  const wanted = own ?? (newNamespaces === "enabled" ? "enabled" : undefined);
  if (wanted !== "enabled") return [];
  const missing = new Map<string, string>();
  if (own === undefined) missing.set(defaultDenyLabel, wanted);
  // `ready` on a namespace that does not exist yet is a wish of the user's, not the truth.
  if (lookup(labels, isolationLabel) !== "pending") missing.set(isolationLabel, "pending");
  if (missing.size === 0) return [];
  const added = Object.fromEntries(missing);
  if (!object.metadata) return [{ op: "add", path: "/metadata", value: { labels: added } }];
  if (!labels) return [{ op: "add", path: "/metadata/labels", value: added }];
  // `add` to a member that exists replaces it, so a repeated call changes nothing.
  return Array.from(missing, ([key, value]) => ({
    op: "add",
    path: pointer("metadata", "labels", key),
    value,
  }));
}

function unreadable(object: AdmissionObject): readonly string[] {
  const value = lookup(object.metadata?.labels, defaultDenyLabel);
  if (value === undefined || defaultDenyValues.some((known) => known === value)) return [];
  return [
    `label ${defaultDenyLabel}: ${JSON.stringify(value)} is not one of ${defaultDenyValues.join(", ")}: this namespace is not isolated`,
  ];
}
