import type { Clock } from "./ports.ts";

/** Hands over one name after the other, at most so many per second, until the signal aborts. */
export async function backfill(
  names: readonly string[],
  perSecond: number,
  enqueue: (name: string) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (const name of names) {
    if (signal.aborted) return;
    enqueue(name);
    await clock.sleep(1000 / perSecond, signal).catch(() => undefined);
  }
}
