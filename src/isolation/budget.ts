import type { Clock } from "./ports.ts";

/** Gives back writes that were granted: whether they were made or not, they have ended. */
export type Release = (wereMade: boolean) => void;

const secondMs = 1000;
/** How much of a second the writes of one are spread over; the rest is for timers that are late. */
const spread = 0.8;

/**
 * So many writes in any second and no more, for all who may wait, first come, first served. A write
 * counts from when it is granted until a second after its answer: however late a timer, a connection
 * or the API server is, no second there sees more. Writes are granted one after the other, never
 * in bunches to make up for lost time.
 */
export class WriteBudget {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  /** Neither granted nor resting. */
  #free: number;
  /** Until when ended writes still count, soonest first. */
  #resting: { readonly writes: number; readonly untilMs: number }[] = [];
  #notBeforeMs = -Infinity;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(perSecond: number, clock: Clock) {
    this.#clock = clock;
    this.#intervalMs = (spread * secondMs) / perSecond;
    this.#free = perSecond;
  }

  /** Waits until so many writes may be made; rejects when the signal aborts. */
  take(writes: number, signal: AbortSignal): Promise<Release> {
    const granted = this.#turn.then(() => this.#grant(writes, signal));
    this.#turn = granted.catch(() => undefined);
    return granted;
  }

  async #grant(writes: number, signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    for (let wait = this.#waitMs(writes); wait > 0; wait = this.#waitMs(writes)) {
      await this.#clock.sleep(wait, signal);
    }
    this.#free -= writes;
    this.#notBeforeMs = this.#clock.now() + writes * this.#intervalMs;
    return (wereMade) => this.#release(writes, wereMade);
  }

  /** Until the next look; 0 when there is nothing to wait for. */
  #waitMs(writes: number): number {
    const now = this.#clock.now();
    while (this.#resting[0] && this.#resting[0].untilMs <= now) {
      this.#free += this.#resting.shift()?.writes ?? 0;
    }
    const early = this.#notBeforeMs - now;
    if (early > 0 || this.#free >= writes) return Math.max(0, early);
    // All others are in flight: nobody knows until when.
    const untilMs = this.#resting[0]?.untilMs ?? now + this.#intervalMs;
    return Math.max(1, untilMs - now);
  }

  #release(writes: number, wereMade: boolean): void {
    if (wereMade) this.#resting.push({ writes, untilMs: this.#clock.now() + secondMs });
    else this.#free += writes;
  }
}
