import { defaultDenyLabel, defaultDenyPolicy, isolationLabel } from "../../../src/api/names.ts";
import type { Namespace } from "../../../src/api/namespace.ts";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { isolates } from "../../../src/isolation/isolates.ts";
import type { Clock, Writer, Written } from "../../../src/isolation/ports.ts";
import { Watched } from "./watched.ts";

/** When the clock of the tests begins. */
export const epochMs = Date.parse("2026-01-01T00:00:00Z");

export type Fault = "before" | "after" | "retry-after";

/** An API server with namespaces and their deny-alls, whose watches deliver when told to. */
export class Simulation {
  readonly namespaces = new Watched<Namespace>();
  readonly policies = new Watched<NetworkPolicy>();
  readonly writes: string[] = [];
  /** What must never happen. */
  readonly offences: string[] = [];
  readonly faults: Fault[] = [];
  /** By uid: namespaces that were isolated at some moment. */
  readonly #isolated = new Set<string>();
  readonly #clock: Clock;
  #revision = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  createNamespace(name: string, labels: Readonly<Record<string, string>>): void {
    if (this.namespaces.stored.has(name)) return;
    const resourceVersion = this.#next();
    const uid = `${name}@${resourceVersion}`;
    const metadata = { name, uid, resourceVersion, labels, creationTimestamp: this.#time() };
    this.namespaces.put(name, { metadata, status: { phase: "Active" } });
  }

  /** Sets labels; undefined removes one. */
  relabel(name: string, labels: Readonly<Record<string, string | undefined>>): void {
    const old = this.namespaces.stored.get(name);
    if (!old) return;
    const merged = Object.entries({ ...old.metadata.labels, ...labels });
    const defined = merged.filter((entry): entry is [string, string] => entry[1] !== undefined);
    const changed = Object.fromEntries(defined);
    if (JSON.stringify(changed) === JSON.stringify(old.metadata.labels)) return;
    const metadata = { ...old.metadata, labels: changed, resourceVersion: this.#next() };
    this.namespaces.put(name, { ...old, metadata });
  }

  deleteNamespace(name: string): void {
    const old = this.namespaces.stored.get(name);
    if (!old || old.metadata.deletionTimestamp) return;
    const deletionTimestamp = "2026-01-01T00:00:00Z";
    const metadata = { ...old.metadata, deletionTimestamp, resourceVersion: this.#next() };
    this.namespaces.put(name, { metadata, status: { phase: "Terminating" } });
  }

  /** What the namespace controller does: the contents first, then the namespace. */
  finishDeletion(name: string): void {
    const old = this.namespaces.stored.get(name);
    if (!old?.metadata.deletionTimestamp) return;
    this.deletePolicy(name);
    const metadata = { ...old.metadata, resourceVersion: this.#next() };
    this.namespaces.remove(name, { ...old, metadata });
  }

  putPolicy(namespace: string, spec: NetworkPolicy["spec"], labels = {}, manager?: string): void {
    const key = `${namespace}/${defaultDenyPolicy}`;
    const owner = this.namespaces.stored.get(namespace);
    if (!owner) return;
    const old = this.policies.stored.get(key);
    if (!old && owner.metadata.deletionTimestamp) return;
    const resourceVersion = this.#next();
    const uid = old?.metadata?.uid ?? `${key}@${resourceVersion}`;
    const creationTimestamp = old?.metadata?.creationTimestamp ?? this.#time();
    const managedFields = manager === undefined ? [] : [{ manager }];
    const metadata = {
      name: defaultDenyPolicy,
      namespace,
      uid,
      resourceVersion,
      labels,
      creationTimestamp,
      managedFields,
    };
    const policy = { metadata, spec: spec ?? null };
    if (isolates(policy)) this.#isolated.add(owner.metadata.uid ?? "");
    this.policies.put(key, policy);
  }

  deletePolicy(namespace: string): void {
    const key = `${namespace}/${defaultDenyPolicy}`;
    const old = this.policies.stored.get(key);
    if (!old) return;
    const metadata = { ...old.metadata, resourceVersion: this.#next() };
    this.policies.remove(key, { ...old, metadata });
  }

  readonly writer: Writer = {
    applyPolicy: (policy, signal) =>
      this.#write(policy.metadata?.namespace ?? "", "policy", signal, () =>
        this.#applyPolicy(policy),
      ),
    applyLabels: ({ name, uid, resourceVersion }, labels, signal) =>
      this.#write(name, "labels", signal, () => {
        const written = this.#changeLabels(name, uid, resourceVersion, labels);
        if (written.outcome === "written" && !this.#isolated.has(uid)) {
          this.offences.push(`${uid} was called ready but never isolated`);
        }
        return written;
      }),
    removeIsolationLabel: ({ name, uid, resourceVersion }, signal) =>
      this.#write(name, "removal", signal, () =>
        this.#changeLabels(name, uid, resourceVersion, { [isolationLabel]: undefined }),
      ),
  };

  async #write<T>(
    namespace: string,
    what: string,
    signal: AbortSignal,
    act: () => Written<T>,
  ): Promise<Written<T>> {
    const known = this.namespaces.get(namespace);
    this.writes.push(`${what} ${namespace}`);
    if (known?.metadata.deletionTimestamp)
      this.offences.push(`${what} in terminating ${namespace}`);
    await this.#clock.sleep(3, signal);
    const fault = this.faults.shift();
    if (fault === "before") throw new Error("reset");
    if (fault === "retry-after") throw Object.assign(new Error("busy"), { retryAfterSeconds: 2 });
    const result = act();
    await this.#clock.sleep(3, signal);
    if (fault === "after") throw new Error("the answer was lost");
    return result;
  }

  #applyPolicy(policy: NetworkPolicy): Written<NetworkPolicy> {
    const namespace = policy.metadata?.namespace ?? "";
    const key = `${namespace}/${defaultDenyPolicy}`;
    const owner = this.namespaces.stored.get(namespace);
    if (!owner) return { outcome: "gone" };
    const old = this.policies.stored.get(key);
    if (!old && owner.metadata.deletionTimestamp) return { outcome: "terminating" };
    const same =
      JSON.stringify([old?.spec, old?.metadata?.labels]) ===
      JSON.stringify([policy.spec, policy.metadata?.labels]);
    if (!same) this.putPolicy(namespace, policy.spec, policy.metadata?.labels ?? {});
    const object = this.policies.stored.get(key);
    return object ? { outcome: "written", object } : { outcome: "gone" };
  }

  #changeLabels(
    name: string,
    uid: string,
    resourceVersion: string,
    labels: Readonly<Record<string, string | undefined>>,
  ): Written<Namespace> {
    const old = this.namespaces.stored.get(name);
    const is = old?.metadata;
    if (is?.uid !== uid || is.resourceVersion !== resourceVersion) return { outcome: "conflict" };
    this.relabel(name, labels);
    const object = this.namespaces.stored.get(name);
    return object ? { outcome: "written", object } : { outcome: "conflict" };
  }

  /** As the API server writes it: whole seconds. */
  #time(): string {
    const seconds = Math.floor((epochMs + this.#clock.now()) / 1000);
    return new Date(seconds * 1000).toISOString();
  }

  #next(): string {
    this.#revision += 1;
    return String(this.#revision);
  }
}

/** Labels of a namespace as they are without Ringfence. */
export function denyLabels(value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [defaultDenyLabel]: value };
}
