import type { ObjectMeta } from "../../../src/api/meta.ts";
import type { Change, Source } from "../../../src/isolation/ports.ts";

type Stored = { readonly metadata?: ObjectMeta | null };
type Event<T> = { readonly key: string; readonly object: T; readonly deleted: boolean };

/** A collection with a watch: changes reach the copy and its listeners only when delivered. */
export class Watched<T extends Stored> implements Source<T> {
  /** The truth. */
  readonly stored = new Map<string, T>();
  readonly #copy = new Map<string, T>();
  readonly #listeners = new Set<(change: Change<T>) => void>();
  #events: Event<T>[] = [];

  put(key: string, object: T): void {
    this.stored.set(key, object);
    this.#events.push({ key, object, deleted: false });
  }

  remove(key: string, last: T): void {
    this.stored.delete(key);
    this.#events.push({ key, object: last, deleted: true });
  }

  get(key: string): T | undefined {
    return this.#copy.get(key);
  }

  list(): Iterable<T> {
    return this.#copy.values();
  }

  subscribe(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Delivers the next changes of the watch. */
  deliver(count: number): void {
    for (const { key, object, deleted } of this.#events.splice(0, count)) {
      if (deleted) this.#drop(key, object);
      else this.#set(key, object);
    }
  }

  /** Loses what was not delivered and lists anew. */
  relist(): void {
    this.#events = [];
    for (const key of this.#copy.keys()) if (!this.stored.has(key)) this.#drop(key);
    for (const [key, object] of this.stored) this.#set(key, object);
  }

  #set(key: string, object: T): void {
    const known = this.#copy.get(key);
    if (known && known.metadata?.uid !== object.metadata?.uid) this.#drop(key);
    const previous = this.#copy.get(key);
    if (previous?.metadata?.resourceVersion === object.metadata?.resourceVersion) return;
    this.#copy.set(key, object);
    this.#tell(
      previous
        ? { type: "modified", key, object, previous, initial: false }
        : { type: "added", key, object, initial: false },
    );
  }

  #drop(key: string, last?: T): void {
    const known = this.#copy.get(key);
    if (!known || (last && last.metadata?.uid !== known.metadata?.uid)) return;
    this.#copy.delete(key);
    this.#tell({ type: "deleted", key, object: last ?? known, previous: known, initial: false });
  }

  #tell(change: Change<T>): void {
    for (const listener of this.#listeners) listener(change);
  }
}
