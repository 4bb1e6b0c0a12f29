import type { AdmissionRequest, AdmissionResponse } from "../api/admission.ts";
import type {
  AdmissionHandler,
  Because,
  Clock,
  Decision,
  DecisionRecorder,
  Webhook,
} from "./ports.ts";

/** An answer and what is worth remembering about it. */
export type Verdict = {
  readonly response: AdmissionResponse;
  readonly because: Because;
} & Pick<Decision, "enforced" | "rules" | "error">;

/** A handler that records each verdict once. */
export function recordVerdicts(
  webhook: Webhook,
  judge: (request: AdmissionRequest, signal: AbortSignal) => Verdict | Promise<Verdict>,
  { recorder, clock }: { readonly recorder: DecisionRecorder; readonly clock: Clock },
): AdmissionHandler {
  return async (request, signal) => {
    const start = clock.now();
    const verdict = await judge(request, signal);
    recorder.record(describe(webhook, request, verdict, clock.now() - start));
    return verdict.response;
  };
}

/** What the recorder is told about one verdict. */
export function describe(
  webhook: Webhook,
  request: AdmissionRequest,
  { response, ...details }: Verdict,
  milliseconds: number,
): Decision {
  const { namespace, name } = position(request);
  return {
    webhook,
    uid: request.uid,
    operation: request.operation,
    resource: request.resource.resource,
    namespace,
    name,
    user: request.userInfo.username ?? "",
    dryRun: request.dryRun ?? false,
    decision: response.allowed ? "allow" : "deny",
    patched: response.patch !== undefined,
    milliseconds,
    ...details,
  };
}

/**
 * Which object a request is about. `request.name` is empty for generateName and for the items of a
 * deletecollection, whose object is only in `oldObject`.
 */
export function position(request: AdmissionRequest): {
  readonly namespace: string;
  readonly name: string;
} {
  const metadata = request.object?.metadata ?? request.oldObject?.metadata;
  return {
    namespace: request.namespace || metadata?.namespace || "",
    name: request.name || metadata?.name || metadata?.generateName || "",
  };
}
