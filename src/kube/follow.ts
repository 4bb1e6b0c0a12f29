import { linkedAbort } from "./abort.ts";
import type { KubeClient, WatchOptions } from "./client.ts";
import type { Clock } from "./clock.ts";
import type { WatchEvent } from "./watch.ts";

/** Nothing was heard for longer than a living server stays silent. */
export class SilenceError extends Error {
  override readonly name = "SilenceError";
}

export type Following = {
  readonly client: Pick<KubeClient, "watch">;
  readonly path: string;
  readonly options: WatchOptions;
  /** A living server has sent a bookmark or ended the watch by then: the connection is dead. */
  readonly silenceMs: number;
  readonly clock: Clock;
  readonly onOpen: () => void;
  readonly onEvent: (event: WatchEvent) => void;
};

/** Follows one watch until the server ends it; throws when it breaks or falls silent. */
export async function followWatch(following: Following, signal: AbortSignal): Promise<void> {
  const { client, path, options, silenceMs, clock, onOpen, onEvent } = following;
  using linked = linkedAbort(signal);
  const { abort } = linked;
  const events = await client.watch(path, options, abort.signal);
  let heard = clock.now();
  onOpen();
  const guard = abortOnSilence(() => heard + silenceMs, clock, abort);
  try {
    for await (const event of events) {
      heard = clock.now();
      onEvent(event);
      if (abort.signal.aborted) break;
    }
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw abort.signal.reason instanceof SilenceError ? abort.signal.reason : error;
  } finally {
    abort.abort();
    await guard;
  }
}

/** One sleeping timer whatever the number of events: it looks again when it wakes. */
async function abortOnSilence(
  dueAt: () => number,
  clock: Clock,
  abort: AbortController,
): Promise<void> {
  while (!abort.signal.aborted) {
    const left = dueAt() - clock.now();
    if (left <= 0) return abort.abort(new SilenceError("nothing was heard from the watch"));
    await clock.sleep(left, abort.signal).catch(() => {});
  }
}
