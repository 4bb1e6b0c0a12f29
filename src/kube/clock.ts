import { setTimeout as delay } from "node:timers/promises";

/** The time as the loops of this folder see it; tests pass their own. */
export type Clock = {
  /** Monotonic milliseconds: only differences mean anything, and no clock change bends them. */
  readonly now: () => number;
  /** The wall clock, for what is written down, never for a decision. */
  readonly date: () => Date;
  /** Resolves after `ms`; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};
