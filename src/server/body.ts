import type { Readable } from "node:stream";
import type { Limits } from "./limits.ts";
import { headBytes } from "./uid.ts";

/** A request body, or what is known of one that was not kept. */
export type Body = {
  /** When its first byte was awaited, on the clock of `performance.now`. */
  readonly startedAt: number;
} & (
  | { readonly bytes: Buffer }
  /** Too large; `unread` when its sender had not come to an end. */
  | { readonly head: Buffer; readonly unread: boolean }
  /** Not kept because too many bodies are on their way. */
  | { readonly shed: true }
);

/** A function that reads one body; the callback is called once. */
export type BodyReader = (
  stream: Readable,
  done: (error: Error | null, body?: Body) => void,
) => void;

/**
 * Reads bodies within the limits. The framework's own reader would answer a body that is too large
 * before anybody saw the uid in it.
 */
export function createBodyReader(
  limits: Omit<Limits, "depth" | "inFlight" | `${string}Milliseconds`>,
): BodyReader {
  let buffered = 0;
  const roomFor = (size: number): number =>
    limits.bufferedBytes - (size > limits.smallBytes ? limits.reservedBytes : 0);
  return function readBody(stream, done) {
    const startedAt = performance.now();
    let chunks: Buffer[] = [];
    let held = 0;
    let total = 0;
    let head: Buffer | undefined;
    let shed = false;
    let finished = false;

    function release(): void {
      buffered -= held;
      held = 0;
      chunks = [];
    }
    function finish(error: Error | null, body?: Body): void {
      if (finished) return;
      finished = true;
      release();
      done(error, body);
    }
    function keep(chunk: Buffer): void {
      if (total > limits.bodyBytes) {
        head = Buffer.concat([...chunks, chunk]).subarray(0, headBytes);
        release();
      } else if (buffered + chunk.length > roomFor(held + chunk.length)) {
        shed = true;
        release();
      } else {
        held += chunk.length;
        buffered += chunk.length;
        chunks.push(chunk);
      }
    }
    function conclude(unread: boolean): void {
      if (shed) return finish(null, { startedAt, shed });
      if (head !== undefined) return finish(null, { startedAt, head, unread });
      const [only] = chunks;
      const bytes = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, total);
      return finish(null, { startedAt, bytes });
    }

    stream.on("data", (chunk: Buffer) => {
      if (finished) return;
      total += chunk.length;
      if (head === undefined && !shed) keep(chunk);
      if (total > limits.discardBytes) conclude(true);
    });
    stream.on("end", () => conclude(false));
    stream.on("error", (error) => finish(error));
    stream.on("close", () => {
      // It comes after each `end` too: making an error costs more than reading a small body.
      if (!finished) finish(new Error("the connection ended before the body did"));
    });
  };
}
