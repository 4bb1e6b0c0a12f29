import { Refusal } from "./answers.ts";
import type { Verb } from "./request.ts";

/** What can go wrong, on demand. */
export type Fault =
  /** An answer of the API server: 410, 429 with Retry-After, 500 … */
  | {
      readonly kind: "status";
      readonly code: number;
      readonly reason?: string;
      /** In the header, as a request that is refused as a whole gets it, or in the Status. */
      readonly retryAfterSeconds?: number;
      readonly retryAfterIn?: "header" | "details";
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
  /** A "next-page" is a list with a continue token. */
  readonly on: Verb | "any" | "next-page";
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

  take(verb: Verb, path: string, query: URLSearchParams): Fault | undefined {
    const isNext = verb === "list" && query.has("continue");
    const entry = this.#entries.find(
      ({ target, left }) =>
        left > 0 &&
        (target.on === "any" || target.on === verb || (target.on === "next-page" && isNext)) &&
        path.startsWith(target.path ?? ""),
    );
    if (entry) entry.left -= 1;
    return entry?.fault;
  }
}

/** The refusal that a scripted status is. */
export function scripted(fault: Fault & { readonly kind: "status" }): Refusal {
  const { code, reason = "", retryAfterSeconds, retryAfterIn } = fault;
  const details = retryAfterIn === "details" ? { retryAfterSeconds } : {};
  return new Refusal(code, reason, `scripted ${code}`, details);
}

/** The value of its Retry-After header. */
export function retryAfterOf(fault: Fault & { readonly kind: "status" }): string | undefined {
  const { retryAfterSeconds: seconds, retryAfterIn } = fault;
  return seconds === undefined || retryAfterIn === "details" ? undefined : String(seconds);
}
