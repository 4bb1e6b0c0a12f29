import { randomUUID } from "node:crypto";
import { keyOf, type KubeObject } from "../../../src/kube/object.ts";
import type { Selector } from "./selecting.ts";

/** One change, as watches replay it. */
export type StoredEvent = {
  readonly version: number;
  readonly collection: string;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
};

/** All objects at one version, as a backup keeps them. */
export type Backup = {
  readonly version: number;
  readonly collections: ReadonlyMap<string, ReadonlyMap<string, KubeObject>>;
};

/** Objects by collection and key, one version counter for all, and a history for watches. */
export class Store {
  #collections = new Map<string, Map<string, KubeObject>>();
  readonly #listeners = new Set<(event: StoredEvent) => void>();
  #history: StoredEvent[] = [];
  #version = 1000;
  #oldest = 1000;

  get version(): number {
    return this.#version;
  }

  get(collection: string, key: string): KubeObject | undefined {
    return this.#collections.get(collection)?.get(key);
  }

  /** Sorted by key, as etcd sorts. */
  list(collection: string, selects: Selector): readonly KubeObject[] {
    const entries = [...(this.#collections.get(collection) ?? [])];
    return entries
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object)
      .filter(selects);
  }

  collections(): readonly string[] {
    return [...this.#collections.keys()];
  }

  /** Stores an object under a new version; an unchanged one keeps its version and makes no event. */
  put(collection: string, object: KubeObject): KubeObject {
    const objects = this.#collections.get(collection) ?? new Map<string, KubeObject>();
    this.#collections.set(collection, objects);
    const key = keyOf(object.metadata);
    const previous = objects.get(key);
    const owned = {
      uid: previous?.metadata.uid ?? randomUUID(),
      creationTimestamp: previous?.metadata.creationTimestamp ?? new Date().toISOString(),
    };
    const at = (resourceVersion: string): KubeObject => ({
      ...object,
      metadata: { ...object.metadata, ...owned, resourceVersion },
    });
    if (previous && same(at(previous.metadata.resourceVersion ?? ""), previous)) return previous;
    const stored = at(String((this.#version += 1)));
    objects.set(key, stored);
    const type = previous === undefined ? "ADDED" : "MODIFIED";
    this.#tell({ version: this.#version, collection, type, object: stored, previous });
    return stored;
  }

  remove(collection: string, key: string): KubeObject | undefined {
    const previous = this.get(collection, key);
    if (previous === undefined) return undefined;
    this.#collections.get(collection)?.delete(key);
    const resourceVersion = String((this.#version += 1));
    const object = { ...previous, metadata: { ...previous.metadata, resourceVersion } };
    this.#tell({ version: this.#version, collection, type: "DELETED", object, previous });
    return previous;
  }

  /** Changes after `version`; undefined when they are forgotten, none when it is yet to come. */
  since(version: number): readonly StoredEvent[] | undefined {
    if (version < this.#oldest) return undefined;
    return this.#history.filter((event) => event.version > version);
  }

  /** Forgets the history, as etcd's compaction does. */
  compact(): void {
    // A version of its own, so that even a client that saw everything until now has to list.
    this.#version += 1;
    this.#oldest = this.#version;
    this.#history = [];
  }

  backup(): Backup {
    const copies = Array.from(this.#collections, ([name, all]) => [name, new Map(all)] as const);
    return { version: this.#version, collections: new Map(copies) };
  }

  /** Goes back: what was written since is gone, and versions are given out again. No history is left. */
  restore({ version, collections }: Backup): void {
    this.#collections = new Map(Array.from(collections, ([name, all]) => [name, new Map(all)]));
    this.#version = version;
    this.#oldest = version;
    this.#history = [];
  }

  /** Versions that other traffic took. */
  skip(versions: number): void {
    this.#version += versions;
  }

  subscribe(listener: (event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(event: StoredEvent): void {
    this.#history.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}

function same(a: KubeObject, b: KubeObject): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
