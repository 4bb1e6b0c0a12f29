import { linkedAbort, withDeadline } from "./abort.ts";
import { systemClock } from "./clock.ts";
import { ApiError, ConnectionError } from "./apierror.ts";
import type { Lane, Request, Response, Transport } from "./transport.ts";

/** Sends a request and reads the JSON answer, all of it within `timeoutMs`. */
export async function exchangeJson<T>(
  transport: Transport,
  request: Request,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<T> {
  try {
    const exchange = async (limited: AbortSignal): Promise<T> => {
      const response = await accepted(transport, request, "requests", limited);
      const answer: T = JSON.parse(await response.body.text());
      return answer;
    };
    return await withDeadline(systemClock, timeoutMs, exchange, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw wrapped(request, error);
  }
}

/**
 * Sends a request whose answer has no end of its own: `timeoutMs` bounds the wait for its headers
 * only. The connection is closed when the returned stream is left, or when the signal aborts.
 */
export async function openStream(
  transport: Transport,
  request: Request,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  signal.throwIfAborted();
  const linked = linkedAbort(signal);
  const late = (): void => linked.abort.abort(new Error(`no answer within ${timeoutMs} ms`));
  const timer = setTimeout(late, timeoutMs);
  try {
    const response = await accepted(transport, request, "watches", linked.abort.signal);
    // A stream that breaks before anybody reads it must not end the process.
    response.body.on("error", () => {});
    return leaving(response.body, () => {
      linked[Symbol.dispose]();
      linked.abort.abort();
    });
  } catch (error) {
    linked[Symbol.dispose]();
    signal.throwIfAborted();
    throw wrapped(request, error);
  } finally {
    clearTimeout(timer);
  }
}

/** What error messages call a request. */
export function nameOf(request: Request): string {
  return `${request.method} ${request.path}`;
}

async function accepted(
  transport: Transport,
  request: Request,
  lane: Lane,
  signal: AbortSignal,
): Promise<Response> {
  const response = await transport.send(request, lane, signal);
  if (response.statusCode >= 200 && response.statusCode < 300) return response;
  const text = await response.body.text();
  const { "retry-after": retryAfter } = response.headers;
  const header = typeof retryAfter === "string" ? retryAfter : undefined;
  throw new ApiError(nameOf(request), response.statusCode, parsed(text), header);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not the API server but something before it answered; its text is the best there is.
    return text;
  }
}

function wrapped(request: Request, error: unknown): ApiError | ConnectionError {
  if (error instanceof ApiError || error instanceof ConnectionError) return error;
  return new ConnectionError(nameOf(request), error);
}

async function* leaving(
  body: AsyncIterable<Uint8Array>,
  leave: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    leave();
  }
}
