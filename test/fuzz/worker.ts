import { parentPort } from "node:worker_threads";
import { describeDisagreement, type Run, runVerdicts } from "./run.ts";

/** What a worker says about one batch. */
export type BatchReport = {
  readonly cases: number;
  /** Kind and text of each disagreement. */
  readonly disagreements: readonly { readonly kind: string; readonly text: string }[];
};

parentPort?.on("message", (run: Run) => {
  const { cases, disagreements } = runVerdicts(run);
  const report: BatchReport = {
    cases,
    disagreements: disagreements.map((one) => ({
      kind: one.kind,
      text: describeDisagreement(one),
    })),
  };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  parentPort?.postMessage(report);
});
