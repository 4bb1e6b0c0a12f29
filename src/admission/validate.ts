import type { AdmissionRequest } from "../api/admission.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Adviser, Surroundings } from "../engine/advise.ts";
import type { Evaluator, Judgement } from "../engine/evaluator.ts";
import type { Evaluation } from "../engine/finding.ts";
import type { NamespacePolicy } from "../engine/namespacepolicy.ts";
import { adviseUser } from "./advice.ts";
import { boundAnnotations } from "./annotations.ts";
import type { Exempt } from "./exempt.ts";
import { evaluateModes } from "./modes.ts";
import { findNamespacePolicy } from "./namespacelevels.ts";
import { beside, findNeighbours } from "./neighbours.ts";
import type {
  AdmissionHandler,
  Clock,
  DecisionRecorder,
  NamespaceGetter,
  NetworkPolicyLister,
} from "./ports.ts";
import { allowed, malformed } from "./responses.ts";
import { answerOutside, type Scope } from "./scope.ts";
import { conclude } from "./conclude.ts";
import { position, recordVerdicts, type Verdict } from "./verdict.ts";

const scope: Scope = {
  webhook: "validate",
  resource: "networkpolicies",
  kind: { group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy" },
  operations: ["CREATE", "UPDATE"],
  subresources: true,
};

export type ValidateDeps = {
  readonly namespaces: NamespaceGetter;
  /** What a policy is judged together with. */
  readonly networkPolicies: NetworkPolicyLister;
  /** What a namespace without labels is judged by. */
  readonly defaults: NamespacePolicy;
  readonly evaluate: Evaluator;
  /** Only what `after` newly lets in compared with `before`. */
  readonly evaluateUpdate: (
    before: NetworkPolicy,
    after: NetworkPolicy,
    how: Judgement,
  ) => Evaluation;
  /** What is probably not meant; never refuses. */
  readonly advise: Adviser;
  /** What warnings may know of the cluster at this moment. */
  readonly cluster?: (() => Surroundings["cluster"]) | undefined;
  readonly exempt: Exempt;
  readonly recorder: DecisionRecorder;
  readonly clock: Clock;
};

/** Judges NetworkPolicies by the levels of their namespace. */
export function createValidate(deps: ValidateDeps): AdmissionHandler {
  return recordVerdicts("validate", (request, signal) => judge(request, deps, signal), deps);
}

async function judge(
  request: AdmissionRequest,
  deps: ValidateDeps,
  signal: AbortSignal,
): Promise<Verdict> {
  const outside = answerOutside(request, scope);
  if (outside) return outside;
  const exempt = deps.exempt(request);
  if (exempt) {
    const annotations = boundAnnotations({ exempt });
    return { response: allowed(request.uid, { annotations }), because: "exempt" };
  }
  const { namespace } = position(request);
  const networkPolicy: NetworkPolicy | null | undefined = request.object;
  if (!networkPolicy || namespace === "") {
    const lacking = networkPolicy ? "namespace" : "object";
    const response = malformed(request.uid, `The request has no ${lacking}, so nothing to judge.`);
    return { response, because: "incomplete" };
  }
  const found = await findNamespacePolicy(deps, namespace, signal);
  const neighbours = await findNeighbours(
    deps.networkPolicies,
    networkPolicy,
    namespace,
    found.namespacePolicy,
    signal,
  );
  const ratcheted = ratchet(request, deps);
  const evaluations = evaluateModes(
    networkPolicy,
    namespace,
    found.namespacePolicy,
    beside(neighbours, deps.evaluate),
    ratcheted && beside(neighbours, ratcheted),
  );
  const error = found.error ?? neighbours.error;
  // None where nobody has asked for them: unknown is the safe reading.
  const known = neighbours.policies.length > 0 ? neighbours.policies : undefined;
  const around: Surroundings = { namespace, neighbours: known, cluster: deps.cluster?.() };
  const advised = adviseUser(networkPolicy, around, found.namespacePolicy, deps.advise);
  return conclude(request, { ...found, error }, evaluations, advised);
}

/** What enforce judges an UPDATE with. Without the old object everything is new: the strict side. */
function ratchet(
  { operation, oldObject }: AdmissionRequest,
  { evaluateUpdate }: ValidateDeps,
): Evaluator | undefined {
  if (operation !== "UPDATE" || !oldObject) return undefined;
  return (after, how) => evaluateUpdate(oldObject, after, how);
}
