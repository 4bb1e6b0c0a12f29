import type { Verb } from "./request.ts";

/** What can go wrong, on demand. */
export type Fault =
  /** An answer of the API server: 410, 429 with Retry-After, 500 … */
  | {
      readonly kind: "status";
      readonly code: number;
      readonly reason?: string;
      readonly retryAfterSeconds?: number;
    }
  /** The connection is reset instead of an answer. */
  | { readonly kind: "reset" }
  /** The request is accepted and never answered. */
  | { readonly kind: "stall" }
  /** The answer comes late. */
  | { readonly kind: "delay"; readonly ms: number }
  // The rest is for watches alone.
  /** The watch opens and nothing ever comes, not even its end. */
  | { readonly kind: "half-open" }
  /** The watch opens and ends at once. */
  | { readonly kind: "end" }
  /** The first line of the watch is an ERROR event with code 410. */
  | { readonly kind: "expired" }
  /** The first event is cut in the middle of its line, and the connection is reset. */
  | { readonly kind: "cut-line" }
  /** Each event comes this late. */
  | { readonly kind: "slow-events"; readonly ms: number }
  /** Bookmarks pretend that all is well; events never come. */
  | { readonly kind: "bookmarks-only" };

export type Target = {
  readonly on: Verb | "any";
  /** The beginning of the path; every path without it. */
  readonly path?: string;
  /** How often; once without it, `Infinity` for ever. */
  readonly times?: number;
};

/** Faults that wait for their request, in the order in which they were ordered. */
export class Script {
  #entries: { target: Target; fault: Fault; left: number }[] = [];

  add(target: Target, fault: Fault): void {
    this.#entries.push({ target, fault, left: target.times ?? 1 });
  }

  clear(): void {
    this.#entries = [];
  }

  take(verb: Verb, path: string): Fault | undefined {
    const entry = this.#entries.find(
      ({ target, left }) =>
        left > 0 &&
        (target.on === "any" || target.on === verb) &&
        path.startsWith(target.path ?? ""),
    );
    if (entry) entry.left -= 1;
    return entry?.fault;
  }
}
