import type { Change } from "./ports.ts";
import { revision, type Stored } from "./revision.ts";

/** How long an answer to a write is believed when the watch says nothing about it. */
const believedMs = 10_000;

/**
 * Remembers the answers to our own writes until the watch has caught up with them, so that an
 * event in between does not lead to the same write again. One write per key at a time.
 */
export class Freshest<T extends Stored> {
  readonly #noted = new Map<string, { readonly object: T; readonly untilMs: number }>();
  /** Writes that are not answered yet, and how far the watch has come meanwhile. */
  readonly #begun = new Map<string, bigint>();

  /** A write begins; the watch may tell its effect, and what came after, before the answer. */
  begin(key: string): void {
    this.#begun.set(key, 0n);
  }

  /** The write has ended, with this answer or without one. */
  end(key: string, object: T | undefined, now: number): void {
    const reached = this.#begun.get(key) ?? 0n;
    this.#begun.delete(key);
    if (!object || (reached > 0n && reached >= revision(object))) return;
    this.#noted.set(key, { object, untilMs: now + believedMs });
  }

  /** Forgets the answer when the watch has reached it, or when that very object is deleted. */
  seen({ type, key, object }: Change<T>): void {
    const reached = this.#begun.get(key);
    const at = revision(object);
    if (reached !== undefined && at > reached) this.#begun.set(key, at);
    const noted = this.#noted.get(key)?.object;
    if (!noted) return;
    const isDeletion = type === "deleted" && object.metadata?.uid === noted.metadata?.uid;
    if (isDeletion || at >= revision(noted)) this.#noted.delete(key);
  }

  /** The newer of the remembered answer and what the cache holds. */
  pick(key: string, cached: T | undefined, now: number): T | undefined {
    const noted = this.#noted.get(key);
    if (!noted) return cached;
    const newer = !cached || revision(noted.object) > revision(cached);
    if (newer && now < noted.untilMs) return noted.object;
    this.#noted.delete(key);
    return cached;
  }

  /** Milliseconds for which the answer is still believed; 0 when the cache alone counts. */
  believedForMs(key: string, now: number): number {
    return Math.max(0, (this.#noted.get(key)?.untilMs ?? now) - now);
  }
}
