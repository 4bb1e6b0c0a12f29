import type { ServerResponse } from "node:http";
import { type Address, collectionOf } from "./address.ts";
import { expired, statusOf } from "./answers.ts";
import type { Fault } from "./faults.ts";
import { parseSelector, type Selector } from "./selecting.ts";
import type { Store, StoredEvent } from "./store.ts";

/** One open watch. */
export class Watch {
  readonly path: string;
  readonly #response: ServerResponse;
  readonly #address: Address;
  readonly #selects: Selector;
  readonly #store: Store;
  readonly #cleanUp: (() => void)[] = [];
  #fault: Fault | undefined;
  #frozen = false;

  constructor(
    store: Store,
    response: ServerResponse,
    where: { readonly path: string; readonly address: Address; readonly query: URLSearchParams },
    fault: Fault | undefined,
  ) {
    this.path = where.path;
    this.#store = store;
    this.#response = response;
    this.#address = where.address;
    this.#selects = parseSelector(where.query, where.address.namespace);
    this.#fault = fault;
  }

  /** Replays what the client missed and stays until somebody ends it. */
  open(query: URLSearchParams, bookmarkMs: number, onClose: () => void): void {
    const missed = this.#store.since(Number(query.get("resourceVersion")));
    if (missed === undefined) throw expired();
    this.#response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    this.#response.on("close", () => {
      for (const undo of this.#cleanUp) undo();
      onClose();
    });
    if (this.#fault?.kind === "end") return void this.#response.end();
    if (this.#fault?.kind === "half-open") return this.freeze();
    if (this.#fault?.kind === "expired") return this.#endExpired();
    for (const event of missed) this.#deliver(event);
    this.#cleanUp.push(this.#store.subscribe((event) => this.#deliver(event)));
    const bookmarks = setInterval(() => this.#bookmark(), bookmarkMs);
    const end = setTimeout(() => this.end(), Number(query.get("timeoutSeconds") ?? "1800") * 1000);
    this.#cleanUp.push(() => clearInterval(bookmarks));
    this.#cleanUp.push(() => clearTimeout(end));
  }

  /** The connection stays, and nothing comes any more: half-open. */
  freeze(): void {
    this.#frozen = true;
  }

  end(): void {
    if (!this.#frozen) this.#response.end();
  }

  reset(): void {
    this.#response.destroy();
  }

  #endExpired(): void {
    this.#response.end(`${JSON.stringify({ type: "ERROR", object: statusOf(expired()) })}\n`);
  }

  #deliver(event: StoredEvent): void {
    if (event.collection !== collectionOf(this.#address)) return;
    const type = this.#typeFor(event);
    if (type === undefined || this.#fault?.kind === "bookmarks-only") return;
    this.#line(type, event.object);
  }

  /** With a selector, an object that begins or ceases to match is added or deleted. */
  #typeFor({ type, object, previous }: StoredEvent): StoredEvent["type"] | undefined {
    const now = type !== "DELETED" && this.#selects(object);
    const before = previous !== undefined && this.#selects(previous);
    if (now) return before ? "MODIFIED" : "ADDED";
    return before ? "DELETED" : undefined;
  }

  #bookmark(): void {
    const metadata = { resourceVersion: String(this.#store.version) };
    this.#line("BOOKMARK", { ...this.#address, kind: "Unknown", metadata });
  }

  #line(type: string, object: object): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    if (this.#fault?.kind === "slow-events") {
      const timer = setTimeout(() => this.#write(line), this.#fault.ms);
      this.#cleanUp.push(() => clearTimeout(timer));
    } else if (this.#fault?.kind === "cut-line" && type !== "BOOKMARK") {
      this.#fault = undefined;
      this.#write(line.slice(0, line.length / 2));
      this.freeze();
      setTimeout(() => this.reset(), 1);
    } else this.#write(line);
  }

  #write(line: string): void {
    if (!this.#frozen && !this.#response.writableEnded) this.#response.write(line);
  }
}
