import type { Release } from "./budget.ts";
import { Lane, type Pacing } from "./lane.ts";
import type { Clock } from "./ports.ts";
import type { Outcome } from "./reconcile.ts";

export type QueueOptions = {
  readonly work: (key: string, signal: AbortSignal) => Promise<Outcome>;
  readonly onFailure: (failure: Failure) => void;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly concurrency: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** Which keys let all others go first, and how they are paced; none when absent. */
  readonly pacing?: Pacing;
};

export type Failure = {
  readonly key: string;
  readonly error: unknown;
  /** In a row, this one included. */
  readonly failures: number;
  readonly retryInMs: number;
};

type Delayed = { readonly dueMs: number; readonly cancel: () => void };

/**
 * A work queue: each key waits at most once and is worked on by one worker at a time. A key added
 * while it is worked on is worked on again afterwards. A failed key comes back after an exponential
 * back-off, never sooner than `Retry-After`; adding it does not shorten that. Keys that can wait are
 * worked on after all others, at their pace, and never take up more than half of the workers.
 */
export class Queue {
  readonly #options: QueueOptions;
  readonly #ready = new Set<string>();
  readonly #later: Lane;
  readonly #delayed = new Map<string, Delayed>();
  readonly #failed = new Map<string, { readonly failures: number; readonly notBeforeMs: number }>();
  /** Each key in flight, and whether it was added again meanwhile. */
  readonly #running = new Map<string, boolean>();
  #unhurried = 0;
  #signal: AbortSignal | undefined;
  #idle: (() => void) | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#later = new Lane(options.pacing);
  }

  /** Keys that are waiting, delayed or in flight. */
  get size(): number {
    const later = this.#later.keys();
    return new Set([...this.#ready, ...later, ...this.#delayed.keys(), ...this.#running.keys()])
      .size;
  }

  /** Asks for work on a key, after `delayMs`; of several requests the earliest counts. */
  add(key: string, delayMs = 0): void {
    if (this.#signal?.aborted || this.#ready.has(key)) return;
    const now = this.#options.clock.now();
    const dueMs = Math.max(now + delayMs, this.#failed.get(key)?.notBeforeMs ?? 0);
    if (dueMs > now) return this.#delay(key, dueMs, now);
    this.#undelay(key);
    if (this.#running.has(key)) this.#running.set(key, true);
    else if (!this.#later.take(key)) this.#ready.add(key);
    this.#pump();
  }

  /** Forgets earlier failures of a key, because it now stands for something else. */
  forget(key: string): void {
    this.#failed.delete(key);
  }

  /** Works until the signal aborts; resolves when nothing is in flight any more. */
  async start(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    this.#pump();
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
      if (signal.aborted) this.#stop();
      else signal.addEventListener("abort", () => this.#stop(), { once: true });
    });
  }

  #stop(): void {
    for (const key of this.#delayed.keys()) this.#undelay(key);
    this.#ready.clear();
    this.#later.clear();
    if (this.#running.size === 0) this.#idle?.();
  }

  #pump(): void {
    const signal = this.#signal;
    if (!signal || signal.aborted) return;
    const { concurrency } = this.#options;
    for (const key of this.#ready) {
      if (this.#running.size >= concurrency) return;
      this.#ready.delete(key);
      // While it waited it may have become one that can wait.
      if (!this.#later.take(key)) void this.#run(key, signal);
    }
    if (this.#unhurried >= concurrency / 2 || this.#running.size >= concurrency) return;
    this.#later.grant(signal)?.then(
      (release) => this.#begin(release, signal),
      () => undefined,
    );
  }

  /** Begins with the next key that can wait, unless others have come meanwhile. */
  #begin(release: Release, signal: AbortSignal): void {
    const isFull = this.#running.size >= this.#options.concurrency;
    if (signal.aborted || isFull) return release(false);
    const key = this.#later.next((hurried) => this.#ready.add(hurried));
    if (key === undefined) release(false);
    else void this.#run(key, signal, release);
    this.#pump();
  }

  async #run(key: string, signal: AbortSignal, release?: Release): Promise<void> {
    this.#running.set(key, false);
    if (release) this.#unhurried += 1;
    let againMs: number | undefined;
    try {
      ({ againMs } = await this.#options.work(key, signal));
      this.#failed.delete(key);
    } catch (error) {
      if (!signal.aborted) againMs = this.#fail(key, error);
    }
    if (release) this.#unhurried -= 1;
    release?.(true);
    const addedAgain = this.#running.get(key);
    this.#running.delete(key);
    if (signal.aborted) {
      if (this.#running.size === 0) this.#idle?.();
      return;
    }
    if (againMs !== undefined) this.add(key, againMs);
    if (addedAgain) this.add(key);
    this.#pump();
  }

  #fail(key: string, error: unknown): number {
    const { clock, random, baseMs, capMs, onFailure } = this.#options;
    const failures = (this.#failed.get(key)?.failures ?? 0) + 1;
    const full = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
    const retryInMs = Math.max(full / 2 + (random() * full) / 2, retryAfterMs(error));
    this.#failed.set(key, { failures, notBeforeMs: clock.now() + retryInMs });
    onFailure({ key, error, failures, retryInMs });
    return retryInMs;
  }

  #delay(key: string, dueMs: number, now: number): void {
    const earlier = this.#delayed.get(key);
    if (earlier && earlier.dueMs <= dueMs) return;
    this.#undelay(key);
    const abort = new AbortController();
    this.#delayed.set(key, { dueMs, cancel: () => abort.abort() });
    void this.#wake(key, dueMs - now, abort.signal);
  }

  async #wake(key: string, ms: number, cancelled: AbortSignal): Promise<void> {
    await this.#options.clock.sleep(ms, cancelled).catch(() => undefined);
    if (cancelled.aborted) return;
    this.#delayed.delete(key);
    this.add(key);
  }

  #undelay(key: string): void {
    this.#delayed.get(key)?.cancel();
    this.#delayed.delete(key);
  }
}

function retryAfterMs(error: unknown): number {
  if (typeof error !== "object" || error === null || !("retryAfterSeconds" in error)) return 0;
  const seconds = error.retryAfterSeconds;
  return typeof seconds === "number" && seconds > 0 ? Math.min(seconds, 300) * 1000 : 0;
}
