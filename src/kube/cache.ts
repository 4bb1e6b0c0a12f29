import { keyOf, type KubeObject } from "./object.ts";

/** What the reflector keeps of one object. */
export type Entry<T> = {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly object: T;
};

export type Change<T> = {
  readonly type: "added" | "modified" | "deleted";
  /** `namespace/name`, or `name` for cluster-scoped kinds. */
  readonly key: string;
  /** The object now; for "deleted" its last known state. */
  readonly object: T;
  readonly previous?: T;
  /** True when the object was there in the first list already. */
  readonly initial: boolean;
};

/** An object as it came from the server, not yet in the cache. */
export type Arrival<T> = { readonly key: string; readonly entry: Entry<T> };

/** Names an object and slims it. */
export function arrival<T>(raw: KubeObject, transform: (raw: KubeObject) => T): Arrival<T> {
  const { uid = "", resourceVersion = "" } = raw.metadata;
  return { key: keyOf(raw.metadata), entry: { uid, resourceVersion, object: transform(raw) } };
}

// The functions below change the map step by step and tell each step as it is made, so that
// whoever hears of a change finds the cache in the state that follows it.

/** What is special about a list. */
export type Occasion = {
  /** It is the first. */
  readonly initial: boolean;
  /** The server's history went back: an equal version does not mean an equal object any more. */
  readonly rewound: boolean;
};

const ordinary: Occasion = { initial: false, rewound: false };

/** An object exists in this state. Another UID under the same name is another object. */
export function* put<T>(
  entries: Map<string, Entry<T>>,
  { key, entry }: Arrival<T>,
  { initial, rewound } = ordinary,
): Generator<Change<T>> {
  const known = entries.get(key);
  if (known !== undefined && known.uid !== entry.uid) yield* drop(entries, key);
  const previous = entries.get(key);
  if (previous?.resourceVersion === entry.resourceVersion && !rewound) return;
  entries.set(key, entry);
  const { object } = entry;
  yield previous === undefined
    ? { type: "added", key, object, initial }
    : { type: "modified", key, object, previous: previous.object, initial };
}

/** An object does not exist any more; `last` is its final state, when the server told it. */
export function* drop<T>(
  entries: Map<string, Entry<T>>,
  key: string,
  last?: Entry<T>,
): Generator<Change<T>> {
  const known = entries.get(key);
  // News of the end of an object whose name has a new owner already.
  if (known === undefined || (last !== undefined && last.uid !== known.uid)) return;
  entries.delete(key);
  const object = last?.object ?? known.object;
  yield { type: "deleted", key, object, previous: known.object, initial: false };
}

/** The collection is exactly this: what is missing here was deleted while nobody watched. */
export function* replaceAll<T>(
  entries: Map<string, Entry<T>>,
  arrivals: readonly Arrival<T>[],
  occasion: Occasion,
): Generator<Change<T>> {
  const present = new Set(arrivals.map(({ key }) => key));
  for (const key of entries.keys()) if (!present.has(key)) yield* drop(entries, key);
  for (const item of arrivals) yield* put(entries, item, occasion);
}
