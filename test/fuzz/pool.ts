import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Run } from "./run.ts";
import type { BatchReport } from "./worker.ts";

/** How far a run has come; cases before `from` are all judged. */
export type Progress = {
  readonly cases: number;
  readonly from: number;
  readonly disagreements: BatchReport["disagreements"];
};

const batch = 2000;

async function ask(worker: Worker, run: Run): Promise<BatchReport> {
  const answer = once(worker, "message");
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  worker.postMessage(run);
  const [report] = await answer;
  return report;
}

/**
 * Judges the cases of a run on several threads, batch by batch, and calls `report` after each. The
 * same cases come out whatever the number of threads. No batch is begun after `most` disagreements.
 */
export async function runParallel(
  run: Required<Pick<Run, "seed" | "cases" | "from" | "most">> & Pick<Run, "only">,
  threads: number,
  report: (progress: Progress) => void,
): Promise<Progress> {
  const end = run.from + run.cases;
  const underway = new Set<number>();
  let next = run.from;
  let progress: Progress = { cases: 0, from: run.from, disagreements: [] };
  async function work(): Promise<void> {
    const worker = new Worker(new URL("worker.ts", import.meta.url));
    while (next < end && progress.disagreements.length < run.most) {
      const from = next;
      next = Math.min(end, from + batch);
      underway.add(from);
      // oxlint-disable-next-line no-await-in-loop -- a worker has one batch at a time
      const done = await ask(worker, { ...run, from, cases: next - from });
      underway.delete(from);
      progress = {
        cases: progress.cases + done.cases,
        from: Math.min(next, ...underway),
        disagreements: progress.disagreements.concat(done.disagreements),
      };
      report(progress);
    }
    await worker.terminate();
  }
  await Promise.all(Array.from({ length: threads }, work));
  return progress;
}
