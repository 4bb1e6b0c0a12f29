import type { Entry } from "./cache.ts";
import type { KubeClient, Selection } from "./client.ts";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import { keyOf } from "./object.ts";
import { jittered } from "./timing.ts";

/** The copy differed from the server although its watch looked healthy. */
export class DriftError extends Error {
  override readonly name = "DriftError";
}

export type DriftCheck = {
  readonly client: Pick<KubeClient, "list">;
  readonly path: string;
  readonly selection: Selection;
  readonly entries: ReadonlyMap<string, Entry<unknown>>;
  /** Time for a change that is on its way to arrive. */
  readonly graceMs: number;
  readonly clock: Clock;
};

export type DriftWatch = DriftCheck & {
  readonly everyMs: number;
  readonly random: () => number;
  readonly log: Log;
  /** False as long as there is nothing to compare. */
  readonly ready: () => boolean;
  readonly onDrift: () => void;
};

/** Compares the cache with a fresh list from time to time, until the signal aborts. */
export async function watchDrift(watch: DriftWatch, signal: AbortSignal): Promise<void> {
  const { clock, everyMs, random, log, path, ready, onDrift } = watch;
  while (!signal.aborted) {
    await clock.sleep(jittered(everyMs, random), signal).catch(() => {});
    if (signal.aborted || !ready()) continue;
    try {
      const keys = await findDrift(watch, signal);
      if (keys.length === 0) continue;
      log.error({ path, count: keys.length, keys: keys.slice(0, 10) }, "a cache was wrong");
      onDrift();
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error, path }, "a cache could not be compared");
    }
  }
}

/**
 * Keys for which the cache and the server disagree. A cache that lags a little is no drift:
 * only what differs in the same way in two lists, some time apart, counts.
 */
async function findDrift(check: DriftCheck, signal: AbortSignal): Promise<readonly string[]> {
  const first = await differences(check, signal);
  if (first.size === 0) return [];
  await check.clock.sleep(check.graceMs, signal);
  const second = await differences(check, signal);
  return [...first].filter(([key, how]) => second.get(key) === how).map(([key]) => key);
}

async function differences(
  { client, path, selection, entries }: DriftCheck,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const { items } = await client.list(
    path,
    {
      ...selection,
      metadataOnly: true,
      transform: ({ metadata }) => [keyOf(metadata), stateOf(metadata)] as const,
    },
    signal,
  );
  const listed = new Map(items);
  const differing = new Map<string, string>();
  for (const key of new Set([...entries.keys(), ...listed.keys()])) {
    const entry = entries.get(key);
    const here = entry === undefined ? "absent" : stateOf(entry);
    const there = listed.get(key) ?? "absent";
    if (here !== there) differing.set(key, `${here} ${there}`);
  }
  return differing;
}

function stateOf({ uid, resourceVersion }: { uid?: string; resourceVersion?: string }): string {
  return `${uid ?? ""}/${resourceVersion ?? ""}`;
}
