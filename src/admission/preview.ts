import type { AdmissionRequest } from "../api/admission.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Evaluator } from "../engine/evaluator.ts";
import { type NamespacePolicy, parseNamespacePolicy } from "../engine/namespacepolicy.ts";
import { boundAnnotations } from "./annotations.ts";
import type { Exempt } from "./exempt.ts";
import { findLevelChanges, type LevelChange } from "./levelchange.ts";
import { readFailure } from "./namespacelabels.ts";
import type { AdmissionHandler, Clock, DecisionRecorder, NetworkPolicyLister } from "./ports.ts";
import { previewPolicies } from "./previewpolicies.ts";
import { describePreview } from "./previewwarnings.ts";
import { allowed } from "./responses.ts";
import { answerOutside, type Scope } from "./scope.ts";
import { position, recordVerdicts, type Verdict } from "./verdict.ts";
import { spellTarget } from "./violations.ts";
import { boundWarnings } from "./warnings.ts";

const scope: Scope = {
  webhook: "namespaces",
  resource: "namespaces",
  kind: { group: "", version: "v1", kind: "Namespace" },
  operations: ["CREATE", "UPDATE"],
  subresources: false,
};

/** Judging is work for the processor: many at once would only hold up everything else. */
const maxPreviews = 4;

export type PreviewDeps = {
  readonly networkPolicies: NetworkPolicyLister;
  /** What a namespace without labels is judged by. */
  readonly defaults: NamespacePolicy;
  readonly evaluate: Evaluator;
  readonly exempt: Exempt;
  readonly recorder: DecisionRecorder;
  readonly clock: Clock;
};

type Outcome = Pick<Verdict, "because" | "error"> & { readonly warnings: readonly string[] };

/**
 * Tells who changes the level of a namespace which of its NetworkPolicies violate the new one. It
 * never refuses a namespace; who may change the labels is decided elsewhere.
 */
export function createPreview(deps: PreviewDeps): AdmissionHandler {
  let running = 0;
  const preview: Preview = async (namespace, changes, signal) => {
    if (running >= maxPreviews) return skipped(namespace, "too many previews are running");
    running += 1;
    try {
      return await previewStored(namespace, changes, deps, signal);
    } finally {
      running -= 1;
    }
  };
  return recordVerdicts(
    "namespaces",
    (request, signal) => answerChange(request, deps, preview, signal),
    deps,
  );
}

type Preview = (
  namespace: string,
  changes: readonly LevelChange[],
  signal: AbortSignal,
) => Promise<Outcome>;

async function answerChange(
  request: AdmissionRequest,
  { defaults, exempt }: PreviewDeps,
  preview: Preview,
  signal: AbortSignal,
): Promise<Verdict> {
  const outside = answerOutside(request, scope);
  if (outside) return outside;
  const { uid, operation, object, oldObject } = request;
  if (!object) {
    const warnings = ["Ringfence was sent no namespace, so nothing was previewed"];
    return { response: allowed(uid, { warnings }), because: "incomplete" };
  }
  const { name } = position(request);
  // Its policies are judged by nobody. Users and groups that are exempt still read warnings.
  if (exempt({ ...request, namespace: name }) === "namespace") {
    const annotations = boundAnnotations({ exempt: "namespace" });
    return { response: allowed(uid, { annotations }), because: "exempt" };
  }
  const { namespacePolicy, errors } = parseNamespacePolicy(object.metadata?.labels, defaults);
  const before = oldObject
    ? parseNamespacePolicy(oldObject.metadata?.labels, defaults).namespacePolicy
    : undefined;
  // A namespace that does not exist yet has no policies.
  const changes = operation === "CREATE" ? [] : findLevelChanges(before, namespacePolicy);
  const outcome: Outcome =
    changes.length === 0
      ? { because: "nothing-to-preview", warnings: [] }
      : await preview(name, changes, signal);
  const unreadable = errors.map(
    ({ label, value, message }) => `label ${label}: ${JSON.stringify(value)}: ${message}`,
  );
  const warnings = boundWarnings([...unreadable, ...outcome.warnings]);
  const annotations = boundAnnotations({ "namespace-errors": unreadable.join("; ") });
  const { warnings: _described, ...details } = outcome;
  const enforced = spellTarget(namespacePolicy.enforce);
  return { response: allowed(uid, { annotations, warnings }), enforced, ...details };
}

async function previewStored(
  namespace: string,
  changes: readonly LevelChange[],
  deps: PreviewDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  let stored: readonly NetworkPolicy[];
  try {
    stored = await deps.networkPolicies.list(namespace, signal);
  } catch (error) {
    return { ...skipped(namespace, readFailure(signal)), error };
  }
  const preview = await previewPolicies(stored, namespace, changes, deps, signal);
  const { defect } = preview;
  return {
    because: "previewed",
    warnings: describePreview(preview, namespace, changes),
    ...(defect !== undefined && { error: defect }),
  };
}

function skipped(namespace: string, why: string): Outcome {
  const text = `the existing NetworkPolicies of namespace ${JSON.stringify(namespace)} were not previewed: ${why}`;
  return { because: "not-previewed", warnings: [text] };
}
