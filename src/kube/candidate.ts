import { hasStatus } from "./apierror.ts";
import type { KubeClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import { heldLease, type Lease, releasedLease } from "./leaserecord.ts";
import { collectionPath, leases, objectPath } from "./path.ts";

export type CandidateOptions = {
  readonly client: Pick<KubeClient, "get" | "create" | "replace">;
  readonly namespace: string;
  readonly name: string;
  /** Unique to this process: whoever bears the holder's name is the holder. */
  readonly identity: string;
  readonly clock: Clock;
  readonly leaseMs: number;
};

/** What an attempt to take or keep the lease came to. */
export type Attempt = "held" | "other" | "contended";

/** A lease that claims to last longer than this is not waited for. */
const longestLeaseMs = 60_000;

/** One contender for a lease. It judges time by its own clock alone. */
export class Candidate {
  readonly #options: CandidateOptions;
  #observed: { readonly lease: Lease; readonly at: number } | undefined;
  #renewedAt = -Infinity;

  constructor(options: CandidateOptions) {
    this.#options = options;
  }

  /** When the last successful renewal began, by our clock. */
  get renewedAt(): number {
    return this.#renewedAt;
  }

  get holder(): string | undefined {
    return this.#observed?.lease.spec?.holderIdentity;
  }

  /** Takes the lease if it is free, ours or expired; throws when that cannot be found out. */
  async attempt(signal: AbortSignal): Promise<Attempt> {
    const { client, namespace, name, identity, clock, leaseMs } = this.#options;
    const path = objectPath(leases, name, namespace);
    const begun = clock.now();
    const current = await client.get<Lease>(path, signal);
    if (current !== undefined) this.#observe(current);
    if (this.holder !== undefined && this.holder !== identity && current && !this.#expired())
      return "other";
    const wanted = heldLease(current, this.#options, leaseMs, clock.date());
    try {
      const stored = await (current === undefined
        ? client.create(collectionPath(leases, namespace), wanted, {}, signal)
        : client.replace(path, wanted, {}, signal));
      this.#observe(stored);
    } catch (error) {
      // Somebody was faster, which may be a mere annotation; the next attempt sees who it was.
      if (hasStatus(error, 409)) return "contended";
      throw error;
    }
    this.#renewedAt = begun;
    return "held";
  }

  /** Steps down, unless somebody else has taken over already. */
  async release(signal: AbortSignal): Promise<void> {
    const { client, namespace, name, identity, clock } = this.#options;
    this.#renewedAt = -Infinity;
    if (this.#observed === undefined || this.holder !== identity) return;
    const lease = releasedLease(this.#observed.lease, clock.date());
    await client.replace(objectPath(leases, name, namespace), lease, {}, signal);
  }

  #observe(lease: Lease): void {
    const known = this.#observed?.lease.metadata.resourceVersion;
    if (known === lease.metadata.resourceVersion) return;
    this.#observed = { lease, at: this.#options.clock.now() };
  }

  /** No change was seen for as long as the lease lasts: clocks of other machines do not matter. */
  #expired(): boolean {
    if (this.#observed === undefined) return true;
    const { lease, at } = this.#observed;
    const seconds = lease.spec?.leaseDurationSeconds ?? 0;
    const lasts = Math.min(Math.max(seconds * 1000, this.#options.leaseMs), longestLeaseMs);
    return this.#options.clock.now() - at > lasts;
  }
}
