import { defaultDenyPolicy } from "../api/names.ts";
import type { DefaultDeny } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { type Effort, pauseMs, spend } from "./effort.ts";
import { Freshest } from "./freshest.ts";
import type { Change, NamespaceSource, PolicySource, Written } from "./ports.ts";
import { revision, type Stored } from "./revision.ts";

/** No watch lags longer than this without being started anew. */
const buriedMs = 900_000;

/** What was noted of a namespace when it appeared. */
export type Appearance = {
  /** What `newNamespaces` said. */
  readonly setting: DefaultDeny;
  /** By the clock that only grows. */
  readonly seenMs: number;
};

type Floor = { readonly revision: bigint; readonly untilMs: number };

/** Where the caches of the watches are read. */
export type Caches = {
  readonly namespaces: Pick<NamespaceSource, "get">;
  readonly policies: Pick<PolicySource, "get">;
};

/** What one run of the controller remembers beside the caches; losing it does no harm. */
export class Memory {
  readonly #caches: Caches;
  readonly #namespaces = new Freshest<Namespace>();
  readonly #policies = new Freshest<NetworkPolicy>();
  /** By uid: recent writes. */
  readonly #efforts = new Map<string, Effort>();
  /** By uid: namespaces that appeared while we watched; older ones are not in it. */
  readonly #appeared = new Map<string, Appearance>();
  /** By name, oldest first: deny-alls below are those of a former namespace of that name. */
  readonly #floors = new Map<string, Floor>();

  constructor(caches: Caches) {
    this.#caches = caches;
  }

  namespace(name: string, now: number): Namespace | undefined {
    return this.#namespaces.pick(name, this.#caches.namespaces.get(name), now);
  }

  /** The deny-all of the namespace that has this name now. */
  managed(name: string, now: number): NetworkPolicy | undefined {
    const key = policyKey(name);
    const policy = this.#policies.pick(key, this.#caches.policies.get(key), now);
    return revision(policy) < (this.#floors.get(name)?.revision ?? 0n) ? undefined : policy;
  }

  appeared(uid: string): Appearance | undefined {
    return this.#appeared.get(uid);
  }

  effort(uid: string): Effort | undefined {
    return this.#efforts.get(uid);
  }

  /** How many namespaces wait because a rival undoes what is written to them. */
  contended(now: number): number {
    let count = 0;
    for (const effort of this.#efforts.values()) if (pauseMs(effort, now) > 0) count += 1;
    return count;
  }

  /** Counts a write to the namespace. */
  spent(uid: string, now: number): void {
    this.#efforts.set(uid, spend(this.#efforts.get(uid), now));
  }

  /** True the first time since the last write: contention is reported once per pause. */
  isNews(uid: string): boolean {
    const effort = this.#efforts.get(uid);
    if (!effort || effort.reported) return false;
    this.#efforts.set(uid, { ...effort, reported: true });
    return true;
  }

  /** Milliseconds after which the namespace must be looked at again, because the watch is behind. */
  believedForMs(name: string, now: number): number {
    const policy = this.#policies.believedForMs(policyKey(name), now);
    return Math.max(policy, this.#namespaces.believedForMs(name, now));
  }

  /** Remembers what a write to the namespace answers. */
  async writeNamespace(
    name: string,
    write: Promise<Written<Namespace>>,
    now: () => number,
  ): Promise<Written<Namespace>> {
    return this.#remember(this.#namespaces, name, name, write, now);
  }

  /** Remembers what a write to the deny-all answers. */
  async writePolicy(
    name: string,
    write: Promise<Written<NetworkPolicy>>,
    now: () => number,
  ): Promise<Written<NetworkPolicy>> {
    const floor = this.#floors.get(name);
    const written = await this.#remember(this.#policies, name, policyKey(name), write, now);
    // The answer itself is of this namespace, however old it is.
    if (floor && this.#floors.get(name) === floor && written.outcome === "written") {
      this.#floors.set(name, { ...floor, revision: revision(written.object) });
    }
    return written;
  }

  /** An answer that comes after the namespace has ended says nothing about the next one. */
  async #remember<T extends Stored>(
    freshest: Freshest<T>,
    name: string,
    key: string,
    write: Promise<Written<T>>,
    now: () => number,
  ): Promise<Written<T>> {
    const floor = this.#floors.get(name);
    let answer: T | undefined;
    freshest.begin(key);
    try {
      const written = await write;
      if (written.outcome === "written") answer = written.object;
      return written;
    } finally {
      const isCurrent = this.#floors.get(name) === floor;
      freshest.end(key, isCurrent ? answer : undefined, now());
    }
  }

  /** Takes in a change of a namespace. */
  sawNamespace(change: Change<Namespace>, newNamespaces: DefaultDeny, now: number): void {
    const { type, key, object, initial } = change;
    this.#namespaces.seen(change);
    // Noted now: a later change of the setting is about namespaces that come later still.
    if (type === "added" && !initial) {
      this.#appeared.set(uidOf(object), { setting: newNamespaces, seenMs: now });
    }
    if (type === "deleted") this.#bury(key, object, now);
  }

  sawPolicy(change: Change<NetworkPolicy>): void {
    this.#policies.seen(change);
  }

  /** The watches are independent: the deny-all of the ended namespace may still be cached. */
  #bury(name: string, last: Namespace, now: number): void {
    this.#efforts.delete(uidOf(last));
    this.#appeared.delete(uidOf(last));
    const key = policyKey(name);
    const revisions = [
      revision(last),
      revision(this.#caches.policies.get(key)),
      revision(this.#policies.pick(key, undefined, now)),
    ];
    const floor = revisions.reduce((a, b) => (a > b ? a : b)) + 1n;
    this.#floors.delete(name);
    this.#floors.set(name, { revision: floor, untilMs: now + buriedMs });
    for (const [other, { untilMs }] of this.#floors) {
      if (untilMs > now) break;
      this.#floors.delete(other);
    }
  }
}

function uidOf({ metadata }: Namespace): string {
  return metadata.uid ?? "";
}

function policyKey(namespace: string): string {
  return `${namespace}/${defaultDenyPolicy}`;
}
