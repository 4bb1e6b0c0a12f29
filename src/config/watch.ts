import { watch } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export type WatchOptions = {
  /** The longest time between two looks; events are quicker but may never come. */
  readonly pollMs: number;
  /** After an event, time for the writer to finish. */
  readonly settleMs: number;
};

export const defaultWatchOptions: WatchOptions = { pollMs: 10_000, settleMs: 100 };

/**
 * Waits for changes of a file until the signal aborts. The folder is watched, not the file: a
 * mounted ConfigMap changes by swapping a link beside it. Where the system cannot watch (network
 * file systems, exhausted limits) the poll alone is left.
 */
export function createWatch(
  path: string,
  { pollMs, settleMs }: WatchOptions,
  signal: AbortSignal,
): (signal: AbortSignal) => Promise<void> {
  let event = Promise.withResolvers<void>();
  try {
    const watcher = watch(dirname(path), { persistent: false, signal });
    watcher.on("change", () => event.resolve());
    // The poll goes on; an error here only makes reloads slower.
    watcher.on("error", () => watcher.close());
  } catch {
    // As above: the poll is left.
  }
  return async (waiting) => {
    const poll = new AbortController();
    const timer = delay(pollMs, undefined, {
      ref: false,
      signal: AbortSignal.any([waiting, poll.signal]),
    });
    try {
      await Promise.race([event.promise, timer]);
    } finally {
      poll.abort();
      timer.catch(() => undefined);
    }
    event = Promise.withResolvers<void>();
    await delay(settleMs, undefined, { signal: waiting });
  };
}
