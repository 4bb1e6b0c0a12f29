import type { Logger } from "pino";
import type { AdmissionRequest, AdmissionResponse } from "../api/admission.ts";
import type { Because, DecisionRecorder, Handlers, Webhook } from "../admission/ports.ts";
import { errored } from "../admission/responses.ts";
import { describe } from "../admission/verdict.ts";
import { busyAnswer, reviewAnswer, type Answer } from "./answer.ts";
import { createDeadlines, late } from "./deadline.ts";

/** Decides a request within the milliseconds that its API server still waits. */
export type Decide = (
  webhook: Webhook,
  request: AdmissionRequest,
  milliseconds: number,
) => Promise<Answer>;

/** The outermost frame: whatever a handler does, there is an answer, and never an accidental yes. */
export function createDecide(deps: {
  readonly handlers: () => Handlers | undefined;
  readonly recorder: DecisionRecorder;
  readonly log: Logger;
  readonly maxInFlight: number;
}): Decide {
  const answerInTime = createDeadlines();
  const inFlight = { validate: 0, mutate: 0, gate: 0 };
  return async function decide(webhook, request, milliseconds) {
    const handler = deps.handlers()?.[webhook];
    if (!handler) return busyAnswer("Ringfence is not ready yet.");
    // Pods that wait in the gate have a bound of their own and take no place from the others.
    if (inFlight[webhook] >= deps.maxInFlight) return busyAnswer("Ringfence is overloaded.");
    inFlight[webhook] += 1;
    const startedAt = performance.now();
    try {
      const response = await answerInTime((signal) => handler(request, signal), milliseconds);
      if (response !== late) return reviewAnswer(response);
      deps.log.error({ webhook, uid: request.uid, milliseconds }, "a handler missed its deadline");
      return ownAnswer(
        "late",
        errored(request.uid, "Ringfence did not decide in time; try again."),
      );
    } catch (err) {
      deps.log.error({ webhook, uid: request.uid, err }, "a handler failed");
      const text = `Ringfence failed while deciding; its log has the details under uid ${request.uid}.`;
      return ownAnswer("failed", errored(request.uid, text));
    } finally {
      inFlight[webhook] -= 1;
    }

    function ownAnswer(because: Because, response: AdmissionResponse): Answer {
      const verdict = { response, because };
      deps.recorder.record(describe(webhook, request, verdict, performance.now() - startedAt));
      return reviewAnswer(response);
    }
  };
}
