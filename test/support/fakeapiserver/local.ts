import { withDeadline } from "../../../src/kube/abort.ts";
import { ApiError, ConnectionError } from "../../../src/kube/apierror.ts";
import type { KubeClient, ListOptions, WatchOptions } from "../../../src/kube/client.ts";
import type { Clock } from "../../../src/kube/clock.ts";
import { collect, type Listed, type Page } from "../../../src/kube/listing.ts";
import { type Query, withQuery } from "../../../src/kube/query.ts";
import { type WatchEvent, watchEvents } from "../../../src/kube/watch.ts";
import { type Address, parseAddress } from "./address.ts";
import { Refusal, statusOf } from "./answers.ts";
import { type Fault, retryAfterOf, Script, scripted } from "./faults.ts";
import { localWire } from "./localwire.ts";
import { Pages } from "./reading.ts";
import { type Backup, Store } from "./store.ts";
import { Watch } from "./watching.ts";

/** Time that an answer takes: changes fall between the pages of a list. */
const latencyMs = 4;
const requestTimeoutMs = 15_000;
const watchOpensMs = 5000;
const bookmarkMs = 60_000;

/** A request, when it came, and when the client may come again. */
export type LocalRequest = {
  readonly kind: "list" | "watch" | "metadata";
  readonly at: number;
  notBefore: number;
};

/** The fake API server without a network, in the time of a clock that a test moves. */
export class LocalApiServer {
  readonly store = new Store();
  readonly script = new Script();
  readonly watches = new Set<Watch>();
  readonly requests: LocalRequest[] = [];
  readonly #pages = new Pages(this.store);
  readonly #clock: Clock;
  readonly #pageSize: number;

  constructor(clock: Clock, pageSize: number) {
    this.#clock = clock;
    this.#pageSize = pageSize;
  }

  /** Forgets history and continue tokens. */
  compact(): void {
    this.store.compact();
    this.#pages.expire();
  }

  /** The store is what it was; the server starts again with it. */
  restore(backup: Backup): void {
    this.store.restore(backup);
    for (const watch of this.watches) watch.reset();
  }

  /** What a `KubeClient` would be to the real server. */
  client(): Pick<KubeClient, "list" | "watch"> {
    return {
      list: (path, options, signal) => this.#list(path, options, signal),
      watch: (path, options, signal) => this.#watch(path, options, signal),
    };
  }

  async #list<T>(path: string, options: ListOptions<T>, signal: AbortSignal): Promise<Listed<T>> {
    const { fieldSelector, labelSelector, metadataOnly = false, transform, atMost } = options;
    const size = Math.min(options.pageSize ?? Infinity, this.#pageSize);
    const fetchPage = (token: string | undefined, paged: boolean): Promise<Page> => {
      const limit = paged ? String(size) : undefined;
      const query = { fieldSelector, labelSelector, limit, continue: token };
      const kind = metadataOnly ? "metadata" : "list";
      const answer = (address: Address, asked: URLSearchParams) => this.#pages.list(address, asked);
      return this.#exchange({ kind, path, query, limitMs: requestTimeoutMs }, answer, signal);
    };
    return collect(fetchPage, transform, atMost);
  }

  async #watch(
    path: string,
    { resourceVersion, timeoutSeconds, fieldSelector, labelSelector }: WatchOptions,
    signal: AbortSignal,
  ): Promise<AsyncIterable<WatchEvent>> {
    const query = {
      watch: "true",
      resourceVersion,
      timeoutSeconds: String(timeoutSeconds),
      fieldSelector,
      labelSelector,
    };
    const open = (address: Address, asked: URLSearchParams, fault: Fault | undefined) => {
      const { wire, body } = localWire(this.#clock, signal);
      const watch = new Watch(this.store, wire, { path, address, query: asked }, fault);
      this.watches.add(watch);
      watch.open(asked, bookmarkMs, () => this.watches.delete(watch));
      return body;
    };
    const request = { kind: "watch", path, query, limitMs: watchOpensMs } as const;
    return watchEvents(`GET ${path}`, await this.#exchange(request, open, signal));
  }

  async #exchange<T>(
    request: {
      readonly kind: LocalRequest["kind"];
      readonly path: string;
      readonly query: Query;
      readonly limitMs: number;
    },
    answer: (address: Address, query: URLSearchParams, fault: Fault | undefined) => T,
    signal: AbortSignal,
  ): Promise<T> {
    const { kind, path, limitMs } = request;
    const { searchParams: query } = new URL(withQuery(path, request.query), "http://local");
    const seen: LocalRequest = { kind, at: this.#clock.now(), notBefore: 0 };
    this.requests.push(seen);
    const fault = this.script.take(kind === "watch" ? "watch" : "list", path, query);
    const name = `GET ${path}`;
    const work = async (limited: AbortSignal): Promise<T> => {
      const waitMs = fault?.kind === "stall" ? Infinity : fault?.kind === "delay" ? fault.ms : 0;
      await this.#clock.sleep(latencyMs + waitMs, limited);
      if (fault?.kind === "reset") throw new Error("the connection was reset");
      if (fault?.kind === "status") throw refusalOf(name, fault);
      const address = parseAddress(path);
      if (address === undefined) throw new Error(`${path} is not the path of a collection`);
      return answer(address, query, fault);
    };
    try {
      return await withDeadline(this.#clock, limitMs, work, signal);
    } catch (error) {
      // Whoever left was not told when to come back.
      signal.throwIfAborted();
      if (fault?.kind === "status") {
        seen.notBefore = this.#clock.now() + (fault.retryAfterSeconds ?? 0) * 1000;
      }
      if (error instanceof ApiError) throw error;
      if (error instanceof Refusal) throw new ApiError(name, error.code, statusOf(error));
      throw new ConnectionError(name, error);
    }
  }
}

function refusalOf(name: string, fault: Fault & { readonly kind: "status" }): ApiError {
  const refusal = scripted(fault);
  return new ApiError(name, refusal.code, statusOf(refusal), retryAfterOf(fault));
}
