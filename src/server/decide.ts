import type { Logger } from "pino";
import type { AdmissionRequest, AdmissionResponse } from "../api/admission.ts";
import type { Because, DecisionRecorder, Handlers, Webhook } from "../admission/ports.ts";
import { allowed, errored } from "../admission/responses.ts";
import { describe } from "../admission/verdict.ts";
import { boundWarnings } from "../admission/warnings.ts";
import { busyAnswer, reviewAnswer, type Answer } from "./answer.ts";
import { createDeadlines, late } from "./deadline.ts";
import { onlyInforms } from "./informing.ts";

/** Decides a request within the milliseconds that its API server still waits. */
export type Decide = (
  webhook: Webhook,
  request: AdmissionRequest,
  milliseconds: number,
) => Promise<Answer>;

/**
 * The outermost frame: whatever a handler does, there is an answer, and never an accidental yes,
 * nor an accidental no where nothing is ever refused.
 */
export function createDecide(deps: {
  readonly handlers: () => Handlers | undefined;
  readonly recorder: DecisionRecorder;
  readonly log: Logger;
  readonly maxInFlight: number;
}): Decide {
  const answerInTime = createDeadlines();
  const inFlight = { validate: 0, mutate: 0, gate: 0, namespaces: 0 };
  return async function decide(webhook, request, milliseconds) {
    const handler = deps.handlers()?.[webhook];
    if (!handler) return busyAnswer("Ringfence is not ready yet.");
    // Pods that wait in the gate have a bound of their own and take no place from the others.
    if (inFlight[webhook] >= deps.maxInFlight) return busyAnswer("Ringfence is overloaded.");
    inFlight[webhook] += 1;
    const startedAt = performance.now();
    try {
      // What only informs leaves the other half of the time to whoever waits for it.
      const share = onlyInforms(webhook) ? 0.5 : 1;
      const decided = answerInTime((signal) => handler(request, signal), milliseconds, share);
      const response = await decided;
      if (response !== late) return reviewAnswer(response);
      deps.log.error({ webhook, uid: request.uid, milliseconds }, "a handler missed its deadline");
      return ownAnswer("late", "Ringfence did not decide in time; try again.");
    } catch (err) {
      deps.log.error({ webhook, uid: request.uid, err }, "a handler failed");
      const text = `Ringfence failed while deciding; its log has the details under uid ${request.uid}.`;
      return ownAnswer("failed", text);
    } finally {
      inFlight[webhook] -= 1;
    }

    function ownAnswer(because: Because, text: string): Answer {
      const { uid } = request;
      const response: AdmissionResponse = onlyInforms(webhook)
        ? allowed(uid, { warnings: boundWarnings([`Nothing was previewed: ${text}`]) })
        : errored(uid, text);
      const verdict = { response, because };
      deps.recorder.record(describe(webhook, request, verdict, performance.now() - startedAt));
      return reviewAnswer(response);
    }
  };
}
