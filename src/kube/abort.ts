import type { Clock } from "./clock.ts";

/**
 * A controller that aborts with `signal` until it is disposed.
 * `AbortSignal.any` would keep every short-lived signal alive as long as the long-lived one.
 */
export function linkedAbort(signal: AbortSignal): Disposable & { readonly abort: AbortController } {
  const abort = new AbortController();
  const follow = (): void => abort.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { once: true });
  return { abort, [Symbol.dispose]: () => signal.removeEventListener("abort", follow) };
}

/** The reason of a deadline of ours, to be told apart from the caller's own abort. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** Runs `work` under a signal that also aborts after `ms`. */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  using linked = linkedAbort(signal);
  const { abort } = linked;
  const timer = new AbortController();
  const late = (): void => abort.abort(new DeadlineError(`no answer within ${ms} ms`));
  // The sleep is cut short when the work is done, which is no error.
  clock.sleep(ms, timer.signal).then(late, () => {});
  try {
    return await work(abort.signal);
  } finally {
    timer.abort();
  }
}

/** Waits for work that cannot be cancelled itself: the wait ends when the signal aborts. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
