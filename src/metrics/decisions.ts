import type { DecisionRecorder } from "../admission/ports.ts";
import type { Metrics } from "./metrics.ts";

/** Counts decisions, and how long they took. */
export function createDecisionMetrics(metrics: Metrics): DecisionRecorder {
  return {
    record: ({ webhook, decision, because, milliseconds }) => {
      metrics.add("decisions", { webhook, decision, because });
      metrics.observe("reviewDuration", { webhook }, milliseconds / 1000);
    },
  };
}
