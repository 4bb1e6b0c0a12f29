import { linkedAbort, unlessAborted, withDeadline } from "./abort.ts";
import { ApiError, hasStatus } from "./apierror.ts";
import { backoffMs } from "./backoff.ts";
import type { Arrival } from "./cache.ts";
import type { KubeClient, Selection } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import { countersOf, type ReflectorCounters, type Tally, zero } from "./counters.ts";
import { DriftError, watchDrift } from "./drift.ts";
import { followWatch } from "./follow.ts";
import type { Log } from "./log.ts";
import { type ChangeListener, Mirror } from "./mirror.ts";
import type { KubeObject } from "./object.ts";
import { defaultTiming, type ReflectorTiming, watchSeconds } from "./timing.ts";
import { answersMs, isOlder, RewoundError, versionNow } from "./version.ts";
import type { WatchEvent } from "./watch.ts";

export type ReflectorOptions<T> = {
  readonly client: Pick<KubeClient, "list" | "watch">;
  readonly resource: Selection & { readonly path: string };
  /** Slims an object to what is worth keeping; called once per object and change. */
  readonly transform: (object: KubeObject) => T;
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly timing?: Partial<ReflectorTiming>;
  readonly onChange?: ChangeListener<T>;
};

/** Clocks differ a little: a watch that ends by so much too early has had its time. */
const earlyMs = 2000;

/**
 * A copy of one collection, kept equal to the server's by LIST and WATCH whatever happens in
 * between. Listeners are called synchronously, in order, once per change, after the copy changed.
 */
export class Reflector<T> {
  readonly #options: ReflectorOptions<T>;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #timing: ReflectorTiming;
  readonly #mirror: Mirror<T>;
  readonly #stop = new AbortController();
  readonly #firstSync = Promise.withResolvers<void>();
  readonly #count: Tally = { ...zero };
  /** Why the next list is made; the first one has no reason. */
  #relistReason: "expired" | "driftRelists" | undefined;
  /** Where the next watch begins; undefined when only a list can tell. */
  #version: string | undefined;
  /** The last version that the server told of, whether or not it is still good for a watch. */
  #known = "";
  /** A watch has had its whole time and brought nothing: perhaps its beginning is yet to come. */
  #isDoubtful = false;
  #askAt = -Infinity;
  #pausedUntil = -Infinity;
  #session: AbortController | undefined;
  #failures = 0;
  #listedAt = -Infinity;
  #contactAt = -Infinity;
  #done: Promise<unknown> | undefined;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#mirror = new Mirror(options.transform, options.log);
    if (options.onChange) this.#mirror.listeners.add(options.onChange);
  }

  /** Begins to list and watch, until the signal aborts or the reflector is disposed. */
  start(signal: AbortSignal): void {
    if (this.#done) throw new Error("the reflector was started already");
    const linked = linkedAbort(signal);
    this.#stop.signal.addEventListener("abort", () => linked.abort.abort(), { once: true });
    const { signal: stopping } = linked.abort;
    this.#done = Promise.all([this.#run(stopping), this.#compare(stopping)]).finally(() =>
      linked[Symbol.dispose](),
    );
  }

  /** True once the first list is in the copy and all its changes are told. */
  get synced(): boolean {
    return this.#count.lists > 0;
  }

  async whenSynced(signal: AbortSignal): Promise<void> {
    return unlessAborted(this.#firstSync.promise, signal);
  }

  get(key: string): T | undefined {
    return this.#mirror.entries.get(key)?.object;
  }

  list(): readonly T[] {
    return Array.from(this.#mirror.entries.values(), ({ object }) => object);
  }

  /** Calls `listener` for changes from now on; returns the function that ends that. */
  subscribe(listener: ChangeListener<T>): () => void {
    return this.#mirror.listeners.add(listener);
  }

  /** Milliseconds since the server was last heard; `now` is of the reflector's own clock. */
  stalenessMs(now: number): number {
    return now - this.#contactAt;
  }

  get counters(): ReflectorCounters {
    return countersOf(this.#count, this.#mirror.errors);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const problem = await this.#cycle(signal);
      if (problem !== undefined && !signal.aborted) await this.#pause(problem, signal);
    }
  }

  /** Lists if need be, then follows one watch; returns what went wrong, if anything did. */
  async #cycle(signal: AbortSignal): Promise<unknown> {
    try {
      const version = this.#version ?? (await this.#relist(signal));
      return await this.#follow(version, signal);
    } catch (error) {
      const isDrift = error instanceof DriftError;
      if (hasStatus(error, 410) || isDrift || error instanceof RewoundError) {
        this.#version = undefined;
        if (this.synced) this.#relistReason = isDrift ? "driftRelists" : "expired";
      }
      return error;
    }
  }

  async #pause(problem: unknown, signal: AbortSignal): Promise<void> {
    const { backoff } = this.#timing;
    this.#failures += 1;
    // An expired version says "list again", not "go away": that is free, but not in a tight loop.
    const free = hasStatus(problem, 410) && this.#clock.now() - this.#listedAt > backoff.capMs;
    const waitMs = free ? 0 : backoffMs(this.#failures, problem, this.#random, backoff);
    const { log, resource } = this.#options;
    const fields = { err: problem, path: resource.path, failures: this.#failures, waitMs };
    log.warn(fields, "a watch was interrupted and will be resumed");
    this.#pausedUntil = this.#clock.now() + waitMs;
    await this.#clock.sleep(waitMs, signal).catch(() => {});
  }

  /** Beside the next watch, which must not wait for it; never rejects. */
  async #doubt(session: AbortController): Promise<void> {
    if (!this.#isDoubtful || this.#clock.now() < this.#askAt) return;
    const { client, resource, log } = this.#options;
    const ask = (limited: AbortSignal) => versionNow(client, resource, limited);
    try {
      const version = await withDeadline(this.#clock, answersMs, ask, session.signal);
      this.#isDoubtful = false;
      if (isOlder(version, this.#known)) session.abort(new RewoundError(this.#known, version));
    } catch (error) {
      if (session.signal.aborted && !(error instanceof ApiError)) return;
      // The next watch is as good an occasion.
      log.warn({ err: error, path: resource.path }, "the server's version could not be asked");
      this.#askAt = this.#clock.now() + backoffMs(1, error, this.#random, this.#timing.backoff);
    }
  }

  async #relist(signal: AbortSignal): Promise<string> {
    const { client, resource } = this.#options;
    const transform = (object: KubeObject) => this.#mirror.read(object);
    const listed = await client.list(resource.path, { ...resource, transform }, signal);
    this.#contact();
    const arrivals = listed.items.filter((item): item is Arrival<T> => item !== undefined);
    const rewound = isOlder(listed.resourceVersion, this.#known);
    await this.#mirror.replace(arrivals, { initial: !this.synced, rewound }, signal);
    this.#listedAt = this.#clock.now();
    this.#version = listed.resourceVersion;
    this.#known = listed.resourceVersion;
    this.#isDoubtful = false;
    this.#count.lists += 1;
    if (this.#relistReason) this.#count[this.#relistReason] += 1;
    this.#relistReason = undefined;
    this.#firstSync.resolve();
    return listed.resourceVersion;
  }

  async #follow(resourceVersion: string, signal: AbortSignal): Promise<unknown> {
    const { client, resource } = this.#options;
    using session = linkedAbort(signal);
    this.#session = session.abort;
    const timeoutSeconds = watchSeconds(this.#timing.watchSeconds, this.#random);
    const options = { ...resource, resourceVersion, timeoutSeconds };
    const { silenceMs } = this.#timing;
    let openedAt = this.#clock.now();
    const onOpen = (): void => {
      openedAt = this.#clock.now();
      this.#contact();
      this.#count.watches += 1;
    };
    let heard = false;
    const onEvent = (event: WatchEvent): void => {
      heard = true;
      this.#receive(event);
    };
    const following = { client, path: resource.path, options, silenceMs, onOpen, onEvent };
    const doubting = this.#doubt(session.abort);
    try {
      await followWatch({ ...following, clock: this.#clock }, session.abort.signal);
    } finally {
      session.abort.abort();
      await doubting;
    }
    const isOver = this.#clock.now() - openedAt > timeoutSeconds * 1000 - earlyMs;
    if (isOver) this.#count.renewals += 1;
    if (isOver && !heard) this.#isDoubtful = true;
    return heard || isOver ? undefined : new Error("the watch ended before its first event");
  }

  #receive(event: WatchEvent): void {
    this.#contact();
    this.#failures = 0;
    this.#isDoubtful = false;
    if (event.type !== "BOOKMARK") this.#mirror.apply(event);
    this.#version = event.object.metadata.resourceVersion ?? this.#version;
    this.#known = this.#version ?? this.#known;
  }

  #contact(): void {
    this.#contactAt = this.#clock.now();
  }

  async #compare(signal: AbortSignal): Promise<void> {
    const { client, resource, log } = this.#options;
    const { driftCheckMs: everyMs, driftGraceMs: graceMs } = this.#timing;
    if (everyMs === 0) return;
    const onDrift = (): void => {
      this.#count.drifts += 1;
      this.#version = undefined;
      this.#session?.abort(new DriftError("the cache differed from the server"));
    };
    const check = { client, path: resource.path, selection: resource, graceMs, log, onDrift };
    const time = { clock: this.#clock, random: this.#random, everyMs };
    const { entries } = this.#mirror;
    // A server that asked for time is not bothered meanwhile.
    const ready = (): boolean => this.synced && this.#clock.now() >= this.#pausedUntil;
    await watchDrift({ ...check, ...time, entries, ready }, signal);
  }
}
