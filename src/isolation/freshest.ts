import type { Change } from "./ports.ts";
import { revision, type Stored } from "./revision.ts";

/** How long an answer to a write is believed when the watch says nothing about it. */
export const believedMs = 10_000;

/**
 * Remembers the answers to our own writes until the watch has caught up with them, so that an
 * event in between does not lead to the same write again.
 */
export class Freshest<T extends Stored> {
  readonly #noted = new Map<string, { readonly object: T; readonly untilMs: number }>();

  note(key: string, object: T, now: number): void {
    this.#noted.set(key, { object, untilMs: now + believedMs });
  }

  /** Forgets the answer when the watch has reached it, or when that very object is deleted. */
  seen({ type, key, object }: Change<T>): void {
    const noted = this.#noted.get(key)?.object;
    if (!noted) return;
    const isDeletion = type === "deleted" && object.metadata?.uid === noted.metadata?.uid;
    if (isDeletion || revision(object) >= revision(noted)) this.#noted.delete(key);
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
}
