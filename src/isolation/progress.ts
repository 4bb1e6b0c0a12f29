import type { Clock, Progress, Reporter } from "./ports.ts";

/** Followed to its end by tenths, and by time where those are far apart, or close together. */
const tenths = 10;
const atLeastEveryMs = 30_000;
const atMostEveryMs = 1000;

export type BackfillProgress = {
  /** These are left. A backfill that is running goes on and may only have learnt of others. */
  begin(names: readonly string[], signal: AbortSignal): void;
  /** Nothing is left to be done for this namespace; names that were not counted do not matter. */
  done(name: string): void;
  /** The backfill is called off. */
  cancel(): void;
  read(): Progress & { readonly running: boolean };
};

/** Counts the namespaces of a backfill and reports its start, its progress and its end. */
export function createProgress(reporter: Reporter, clock: Clock): BackfillProgress {
  let left = new Set<string>();
  let done = 0;
  let running = false;
  let told = { atMs: 0, tenth: 0 };
  let stop = new AbortController();

  const total = (): number => done + left.size;
  const tenth = (): number => Math.floor((done * tenths) / total());

  function report(phase: "started" | "progress" | "completed"): void {
    told = { atMs: clock.now(), tenth: tenth() };
    reporter.report({ kind: "backfill", phase, total: total(), done });
  }

  function cancel(): void {
    running = false;
    stop.abort();
  }

  async function tellTime(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(atLeastEveryMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (clock.now() - told.atMs >= atLeastEveryMs) report("progress");
    }
  }

  return {
    begin: (names, signal) => {
      if (!running && names.length === 0) return;
      left = new Set(names);
      if (running) return;
      running = true;
      done = 0;
      stop = new AbortController();
      report("started");
      void tellTime(AbortSignal.any([signal, stop.signal]));
    },
    done: (name) => {
      if (!running || !left.delete(name)) return;
      done += 1;
      if (left.size === 0) {
        cancel();
        report("completed");
      } else if (tenth() > told.tenth && clock.now() - told.atMs >= atMostEveryMs) {
        report("progress");
      }
    },
    cancel,
    read: () => ({ total: total(), done, running }),
  };
}
