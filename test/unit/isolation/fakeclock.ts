import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../../src/isolation/ports.ts";

type Sleeper = { readonly dueMs: number; readonly wake: () => void };

export type FakeClock = Clock & {
  /** Lets time pass; whoever is due wakes up in order, with all that follows from it. */
  advance(ms: number): Promise<void>;
  /** How many are asleep. */
  readonly sleeping: () => number;
};

/** A clock that stands still until it is told otherwise. */
export function createFakeClock(): FakeClock {
  let nowMs = 0;
  const sleepers = new Set<Sleeper>();

  function nextDue(untilMs: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.dueMs <= untilMs && (!next || sleeper.dueMs < next.dueMs)) next = sleeper;
    }
    return next;
  }

  return {
    now: () => nowMs,
    sleeping: () => sleepers.size,
    sleep: (ms, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { dueMs: nowMs + ms, wake: resolve };
      sleepers.add(sleeper);
      const abort = () => {
        sleepers.delete(sleeper);
        reject(new Error("aborted"));
      };
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
      return promise;
    },
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      await nextTurn();
      for (let next = nextDue(untilMs); next; next = nextDue(untilMs)) {
        nowMs = Math.max(nowMs, next.dueMs);
        sleepers.delete(next);
        next.wake();
        await nextTurn();
      }
      nowMs = untilMs;
    },
  };
}
