import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type Arrival,
  arrival,
  type Change,
  drop,
  type Entry,
  type Occasion,
  put,
  replaceAll,
} from "./cache.ts";
import { type Listener, Listeners } from "./listeners.ts";
import type { Log } from "./log.ts";
import { keyOf, type KubeObject } from "./object.ts";
import type { WatchEvent } from "./watch.ts";

/** Changes told in a row before the event loop gets its turn. */
const changesPerTurn = 500;

/** The reflector's copy, and everybody who listens to it. */
export class Mirror<T> {
  readonly entries = new Map<string, Entry<T>>();
  readonly listeners: Listeners<Change<T>>;
  readonly #transform: (object: KubeObject) => T;
  readonly #log: Log;
  #errors = 0;

  constructor(transform: (object: KubeObject) => T, log: Log) {
    this.#transform = transform;
    this.#log = log;
    this.listeners = new Listeners((error) => this.#failed("listener", error));
  }

  /** Listeners and transforms that threw so far. */
  get errors(): number {
    return this.#errors;
  }

  /** Undefined when the object cannot be transformed; that is counted and logged. */
  read(object: KubeObject): Arrival<T> | undefined {
    try {
      return arrival(object, this.#transform);
    } catch (error) {
      this.#failed(`transform of ${keyOf(object.metadata)}`, error);
      return undefined;
    }
  }

  /** Takes one event of a watch. */
  apply({ type, object }: WatchEvent): void {
    const item = this.read(object);
    // An unreadable state must not leave an older, readable one behind.
    if (item === undefined) return this.#tell(drop(this.entries, keyOf(object.metadata)));
    if (type === "DELETED") return this.#tell(drop(this.entries, item.key, item.entry));
    this.#tell(put(this.entries, item));
  }

  /** Takes a whole list, with pauses for the rest of the process. */
  async replace(
    arrivals: readonly Arrival<T>[],
    occasion: Occasion,
    signal: AbortSignal,
  ): Promise<void> {
    let told = 0;
    for (const change of replaceAll(this.entries, arrivals, occasion)) {
      this.listeners.notify(change);
      told += 1;
      if (told % changesPerTurn === 0) await nextTurn(undefined, { signal });
    }
  }

  #tell(changes: Iterable<Change<T>>): void {
    for (const change of changes) this.listeners.notify(change);
  }

  #failed(what: string, error: unknown): void {
    this.#errors += 1;
    this.#log.error({ err: error, what }, "a handler of watch events failed");
  }
}

/** A listener for one mirror. */
export type ChangeListener<T> = Listener<Change<T>>;
