import type { Clock } from "../../../src/kube/clock.ts";

/** A clock that stands still until it is told to move. */
export class ManualClock implements Clock {
  #now = 0;
  #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  readonly now = (): number => this.#now;
  readonly date = (): Date => new Date(Date.UTC(2026, 0, 1) + this.#now);

  readonly sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { at: this.#now + ms, wake: resolve };
    this.#sleepers.add(sleeper);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    await promise.finally(() => this.#sleepers.delete(sleeper));
  };

  /** Moves on step by step, waking who is due, in order, and lets each do what it wants. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#earliest(); next <= end; next = this.#earliest()) {
      this.#now = Math.max(this.#now, next);
      this.#wake();
      // oxlint-disable-next-line no-await-in-loop -- one moment after the other
      await settle();
    }
    this.#now = end;
  }

  /** Jumps as a frozen process does: everybody wakes late. */
  async freeze(ms: number): Promise<void> {
    this.#now += ms;
    this.#wake();
    await settle();
  }

  #earliest(): number {
    return Math.min(...Array.from(this.#sleepers, ({ at }) => at));
  }

  #wake(): void {
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}

/** Lets everything that waits for nothing but promises come to rest. */
export async function settle(): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- each turn lets the promises of the one before go on
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
