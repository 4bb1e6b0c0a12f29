import type { Logger } from "pino";
import type { DecisionRecorder } from "../admission/ports.ts";

/** Writes one structured line per decision: denials at `info` as well, so that one level has all. */
export function createDecisionLog(log: Logger): DecisionRecorder {
  return {
    record({ error, ...decision }) {
      if (error !== undefined) log.warn({ ...decision, err: error }, "decision");
      else if (log.isLevelEnabled("info")) log.info(decision, "decision");
    },
  };
}
