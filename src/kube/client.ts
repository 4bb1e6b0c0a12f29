import { fieldManager } from "../api/names.ts";
import { hasStatus } from "./apierror.ts";
import type { Connection } from "./connection.ts";
import { exchangeJson, nameOf, openStream } from "./exchange.ts";
import { collect, type Listed, type Page } from "./listing.ts";
import type { KubeObject } from "./object.ts";
import { type Query, withQuery } from "./query.ts";
import { type Request, Transport } from "./transport.ts";
import { type WatchEvent, watchEvents } from "./watch.ts";

export type ClientOptions = {
  /** Longest wait for a whole answer; a watch has to begin within 5 s. */
  readonly requestTimeoutMs?: number;
  readonly fieldManager?: string;
};

export type Selection = { readonly fieldSelector?: string; readonly labelSelector?: string };

export type ListOptions<T> = Selection & {
  readonly transform: (object: KubeObject) => T;
  readonly pageSize?: number;
  /** Ask for names, UIDs and versions alone. */
  readonly metadataOnly?: boolean;
  /** No further page is asked for once there are so many: the list is then not whole. */
  readonly atMost?: number;
};

export type WatchOptions = Selection & {
  readonly resourceVersion: string;
  /** How long the server keeps the watch open. */
  readonly timeoutSeconds: number;
};

export type WriteOptions = { readonly dryRun?: boolean };

export type DeleteOptions = {
  /** Refuse (409) when the object is not this one any more. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
};

/** Longest wait for the beginning of a watch: whoever does not answer by then may be gone. */
const watchOpensMs = 5000;

const metadataAccept =
  "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/**
 * The Kubernetes API as JSON, nothing in between: what is given is what is sent, and what the
 * server says is what is returned. Refusals are ApiErrors, outages ConnectionErrors.
 */
export class KubeClient {
  readonly #transport: Transport;
  readonly #timeoutMs: number;
  readonly #manager: string;

  constructor(connection: Connection, options: ClientOptions = {}) {
    this.#transport = new Transport(connection);
    this.#timeoutMs = options.requestTimeoutMs ?? 15_000;
    this.#manager = options.fieldManager ?? fieldManager;
  }

  /** One object, or undefined when there is none. */
  async get<T = KubeObject>(path: string, signal: AbortSignal): Promise<T | undefined> {
    return this.#exchange<T>({ method: "GET", path }, signal).catch(absent);
  }

  /** All objects of a collection, page by page, each through `transform`. */
  async list<T>(path: string, options: ListOptions<T>, signal: AbortSignal): Promise<Listed<T>> {
    const { pageSize = 500, transform, metadataOnly = false, atMost } = options;
    const headers = metadataOnly ? { accept: metadataAccept } : {};
    return collect(
      (token, paged) => {
        const paging = { limit: paged ? String(pageSize) : undefined, continue: token };
        const target = withQuery(path, { ...selection(options), ...paging });
        return this.#exchange<Page>({ method: "GET", path: target, headers }, signal);
      },
      transform,
      atMost,
    );
  }

  /** Resolves once the server has accepted the watch; ends when the server ends it. */
  async watch(
    path: string,
    options: WatchOptions,
    signal: AbortSignal,
  ): Promise<AsyncIterable<WatchEvent>> {
    const target = withQuery(path, {
      ...selection(options),
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: options.resourceVersion,
      timeoutSeconds: String(options.timeoutSeconds),
    });
    const request = { method: "GET", path: target } as const;
    const openMs = Math.min(this.#timeoutMs, watchOpensMs);
    const body = await openStream(this.#transport, request, openMs, signal);
    return watchEvents(nameOf(request), body);
  }

  /** Server-side apply, taking over fields from other managers. */
  async apply<T extends object>(
    path: string,
    object: T,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<T> {
    const target = this.#writePath(path, options, { force: "true" });
    return this.#write("PATCH", target, "application/apply-patch+yaml", object, signal);
  }

  /** Creates an object in a collection; 409 `AlreadyExists` when there is one. */
  async create<T extends object>(
    path: string,
    object: T,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<T> {
    const target = this.#writePath(path, options);
    return this.#write("POST", target, "application/json", object, signal);
  }

  /** Replaces an object; 409 `Conflict` when its resourceVersion is not the given one. */
  async replace<T extends object>(
    path: string,
    object: T,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<T> {
    return this.#write("PUT", this.#writePath(path, options), "application/json", object, signal);
  }

  /** A JSON patch when `patch` is an array of operations, else a JSON merge patch. */
  async patch<T = KubeObject>(
    path: string,
    patch: object,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<T> {
    const type = Array.isArray(patch) ? "json-patch" : "merge-patch";
    const target = this.#writePath(path, options);
    return this.#write("PATCH", target, `application/${type}+json`, patch, signal);
  }

  /** True when the server took the deletion, false when there was nothing to delete. */
  async delete(path: string, options: DeleteOptions, signal: AbortSignal): Promise<boolean> {
    const { uid, resourceVersion, propagationPolicy } = options;
    const body = { preconditions: { uid, resourceVersion }, propagationPolicy };
    const write = this.#write<object>("DELETE", path, "application/json", body, signal);
    return (await write.catch(absent)) !== undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
  }

  #writePath(path: string, { dryRun }: WriteOptions, query: Query = {}): string {
    const common = { fieldManager: this.#manager, dryRun: dryRun ? "All" : undefined };
    return withQuery(path, { ...common, ...query });
  }

  async #write<T>(
    method: Request["method"],
    path: string,
    type: string,
    content: object,
    signal: AbortSignal,
  ): Promise<T> {
    const body = JSON.stringify(content);
    const headers = { "content-type": type };
    return this.#exchange<T>({ method, path, headers, body }, signal);
  }

  async #exchange<T>(request: Request, signal: AbortSignal): Promise<T> {
    return exchangeJson<T>(this.#transport, request, this.#timeoutMs, signal);
  }
}

function selection({ fieldSelector, labelSelector }: Selection): Query {
  return { fieldSelector, labelSelector };
}

/** "Not found" is an answer, not a failure. */
function absent(error: unknown): undefined {
  if (hasStatus(error, 404)) return undefined;
  throw error;
}
