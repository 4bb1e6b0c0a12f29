import { defaultDenyPolicy } from "../api/names.ts";
import type { DefaultDeny } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { type Effort, spend } from "./effort.ts";
import { Freshest } from "./freshest.ts";
import type { Change, NamespaceSource, PolicySource } from "./ports.ts";
import { revision } from "./revision.ts";

/** No watch lags longer than this without being started anew. */
const buriedMs = 900_000;

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
  /** By uid: what `newNamespaces` said when the namespace appeared; older ones are not in it. */
  readonly #appeared = new Map<string, DefaultDeny>();
  /** By name, oldest first: deny-alls below are those of a former namespace of that name. */
  readonly #floors = new Map<string, { readonly revision: bigint; readonly untilMs: number }>();

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

  appeared(uid: string): DefaultDeny | undefined {
    return this.#appeared.get(uid);
  }

  effort(uid: string): Effort | undefined {
    return this.#efforts.get(uid);
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

  wroteNamespace(name: string, namespace: Namespace, now: number): void {
    this.#namespaces.note(name, namespace, now);
  }

  wrotePolicy(name: string, policy: NetworkPolicy, now: number): void {
    this.#policies.note(policyKey(name), policy, now);
    const floor = this.#floors.get(name);
    if (floor) this.#floors.set(name, { ...floor, revision: revision(policy) });
  }

  /** Takes in a change of a namespace; true when an earlier namespace of that name has ended. */
  sawNamespace(change: Change<Namespace>, newNamespaces: DefaultDeny, now: number): boolean {
    const { type, key, object, previous, initial } = change;
    this.#namespaces.seen(change);
    const uid = object.metadata.uid ?? "";
    const former = type === "deleted" ? uid : previous?.metadata.uid;
    const ended = former !== undefined && (type === "deleted" || former !== uid);
    if (ended) this.#bury(key, former, type === "deleted" ? object : previous, now);
    // Noted now: a later change of the setting is about namespaces that come later still.
    const isNew = type === "added" || (type === "modified" && ended);
    if (isNew && !initial) this.#appeared.set(uid, newNamespaces);
    return ended;
  }

  sawPolicy(change: Change<NetworkPolicy>): void {
    this.#policies.seen(change);
  }

  /** The watches are independent: the deny-all of the ended namespace may still be cached. */
  #bury(name: string, uid: string, last: Namespace | undefined, now: number): void {
    this.#efforts.delete(uid);
    this.#appeared.delete(uid);
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

function policyKey(namespace: string): string {
  return `${namespace}/${defaultDenyPolicy}`;
}
