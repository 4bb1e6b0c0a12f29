import type { KubeObject } from "../../../src/kube/object.ts";
import { type Address, collectionOf } from "./address.ts";
import { expired, statusOf } from "./answers.ts";
import type { Fault } from "./faults.ts";
import { parseSelector, type Selector } from "./selecting.ts";
import type { Store, StoredEvent } from "./store.ts";

/** Where a watch writes to, and whose time it keeps. */
export type Wire = {
  /** Answers 200. */
  readonly open: () => void;
  readonly write: (text: string) => void;
  readonly end: () => void;
  readonly reset: () => void;
  /** Calls once the client or the server has closed it. */
  readonly onClose: (listener: () => void) => void;
  /** Calls after so many milliseconds, unless the result is called before. */
  readonly after: (ms: number, act: () => void) => () => void;
};

/** The real server sends a bookmark so long before it ends a watch. */
const lastBookmarkMs = 2000;

/** One open watch. */
export class Watch {
  readonly path: string;
  readonly #wire: Wire;
  readonly #address: Address;
  readonly #selects: Selector;
  readonly #store: Store;
  readonly #cleanUp: (() => void)[] = [];
  #fault: Fault | undefined;
  #frozen = false;
  /** Nothing up to this version is sent, not even a bookmark: the client knows it all. */
  #since = 0;

  constructor(
    store: Store,
    wire: Wire,
    where: { readonly path: string; readonly address: Address; readonly query: URLSearchParams },
    fault: Fault | undefined,
  ) {
    this.path = where.path;
    this.#store = store;
    this.#wire = wire;
    this.#address = where.address;
    this.#selects = parseSelector(where.query, where.address.namespace);
    this.#fault = fault;
  }

  /** Replays what the client missed and stays until somebody ends it. */
  open(query: URLSearchParams, bookmarkMs: number, onClose: () => void): void {
    this.#since = Number(query.get("resourceVersion"));
    const missed = this.#store.since(this.#since);
    this.#wire.open();
    this.#wire.onClose(() => {
      for (const undo of this.#cleanUp) undo();
      onClose();
    });
    if (this.#fault?.kind === "end") return this.#wire.end();
    if (this.#fault?.kind === "half-open") return this.freeze();
    // The real server tells it in the stream too, as it refuses everything that it finds out late.
    if (this.#fault?.kind === "expired" || missed === undefined) return this.#endExpired();
    for (const event of missed) this.#deliver(event);
    this.#since = missed.at(-1)?.version ?? this.#since;
    this.#cleanUp.push(this.#store.subscribe((event) => this.#deliver(event)));
    const lastsMs = Number(query.get("timeoutSeconds") ?? "1800") * 1000;
    this.#bookmarkEvery(bookmarkMs);
    this.#after(lastsMs - lastBookmarkMs, () => this.#bookmark());
    this.#after(lastsMs, () => this.end());
  }

  /** The connection stays, and nothing comes any more: half-open. */
  freeze(): void {
    this.#frozen = true;
  }

  end(): void {
    if (!this.#frozen) this.#wire.end();
  }

  reset(): void {
    this.#wire.reset();
  }

  #endExpired(): void {
    this.#write(`${JSON.stringify({ type: "ERROR", object: statusOf(expired()) })}\n`);
    this.end();
  }

  #deliver(event: StoredEvent): void {
    if (event.version <= this.#since || event.collection !== collectionOf(this.#address)) return;
    const type = this.#typeFor(event);
    if (type === undefined || this.#fault?.kind === "bookmarks-only") return;
    this.#line(type, type === "DELETED" ? lastOf(event) : event.object);
  }

  /** With a selector, an object that begins or ceases to match is added or deleted. */
  #typeFor({ type, object, previous }: StoredEvent): StoredEvent["type"] | undefined {
    const now = type !== "DELETED" && this.#selects(object);
    const before = previous !== undefined && this.#selects(previous);
    if (now) return before ? "MODIFIED" : "ADDED";
    return before ? "DELETED" : undefined;
  }

  #bookmarkEvery(ms: number): void {
    this.#after(ms, () => {
      this.#bookmark();
      this.#bookmarkEvery(ms);
    });
  }

  #bookmark(): void {
    const { version } = this.#store;
    if (version <= this.#since) return;
    const metadata = { resourceVersion: String(version) };
    this.#line("BOOKMARK", { ...this.#address, kind: "Unknown", metadata });
  }

  #line(type: string, object: object): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    if (this.#fault?.kind === "slow-events") {
      this.#after(this.#fault.ms, () => this.#write(line));
    } else if (this.#fault?.kind === "cut-line" && type !== "BOOKMARK") {
      this.#fault = undefined;
      this.#write(line.slice(0, line.length / 2));
      this.freeze();
      this.#after(1, () => this.reset());
    } else this.#write(line);
  }

  #write(line: string): void {
    if (!this.#frozen) this.#wire.write(line);
  }

  #after(ms: number, act: () => void): void {
    this.#cleanUp.push(this.#wire.after(ms, act));
  }
}

/** An object that leaves a selection is told as it was when it belonged to it. */
function lastOf({ object, previous = object }: StoredEvent): KubeObject {
  const { resourceVersion = "" } = object.metadata;
  return { ...previous, metadata: { ...previous.metadata, resourceVersion } };
}
