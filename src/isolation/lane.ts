import type { Release, WriteBudget } from "./budget.ts";

export type Pacing = {
  /** Whether a key, as things are now, is in no hurry. */
  readonly canWait: (key: string) => boolean;
  readonly budget: WriteBudget;
  /** The most that work on one key writes. */
  readonly writes: number;
};

/** Keys in no hurry, in their order. */
export class Lane {
  readonly #pacing: Pacing | undefined;
  readonly #keys = new Set<string>();
  #asking = false;

  constructor(pacing: Pacing | undefined) {
    this.#pacing = pacing;
  }

  keys(): Iterable<string> {
    return this.#keys;
  }

  /** Takes in a key that can wait; false when it cannot. */
  take(key: string): boolean {
    const canWait = this.#pacing?.canWait(key) ?? false;
    if (canWait) this.#keys.add(key);
    else this.#keys.delete(key);
    return canWait;
  }

  clear(): void {
    this.#keys.clear();
  }

  /** Asks for the writes of the next key; undefined when there is none, or that is under way. */
  grant(signal: AbortSignal): Promise<Release> | undefined {
    if (!this.#pacing || this.#asking || this.#keys.size === 0) return undefined;
    this.#asking = true;
    const { budget, writes } = this.#pacing;
    return budget.take(writes, signal).finally(() => (this.#asking = false));
  }

  /** The next key; those before it that have become urgent, or are done, are handed out as well. */
  next(onHurried: (key: string) => void): string | undefined {
    for (const key of this.#keys) {
      this.#keys.delete(key);
      if (this.#pacing?.canWait(key) === true) return key;
      onHurried(key);
    }
    return undefined;
  }
}
