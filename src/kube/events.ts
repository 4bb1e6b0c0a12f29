import { hasStatus } from "./apierror.ts";
import type { KubeClient } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import { eventObject, type EventNote, seriesOf } from "./eventobject.ts";
import type { Log } from "./log.ts";
import { collectionPath, events, objectPath } from "./path.ts";

export type EventOutcome = "sent" | "repeated" | "dropped" | "failed";

export type EventSenderOptions = {
  readonly client: Pick<KubeClient, "create" | "patch">;
  /** Who reports: the program, and the process. */
  readonly controller: string;
  readonly instance: string;
  readonly log: Log;
  readonly clock?: Clock;
  readonly onOutcome?: (outcome: EventOutcome) => void;
};

export type EventSender = {
  /** Notes an Event to be sent; never throws, never waits. */
  readonly send: (note: EventNote) => void;
  /** Sends what was noted until the signal aborts; what is left then is lost. */
  readonly start: (signal: AbortSignal) => Promise<void>;
};

/** What repeats itself within this time is one Event with a count. */
const seriesMs = 6 * 60_000;
/** The count of a series is told at most this often. */
const repeatMs = 5 * 60_000;
const entriesAtMost = 10_000;
/** At most five a second: Events must not disturb what they tell of. */
const pauseMs = 200;
const attemptsAtMost = 3;

type Entry = {
  readonly note: EventNote;
  readonly name: string;
  readonly firstAt: Date;
  lastAt: Date;
  lastMs: number;
  /** How often it happened, and how much of that the API server knows. */
  count: number;
  told: number;
  notBeforeMs: number;
  attempts: number;
};

/** Sends Kubernetes Events one after the other, as well as it goes: nothing depends on them. */
export function createEventSender(options: EventSenderOptions): EventSender {
  const { client, log, clock = systemClock, onOutcome = () => undefined } = options;
  const entries = new Map<string, Entry>();
  let wake = new AbortController();
  let serial = 0;

  function send(note: EventNote): void {
    const key = JSON.stringify([note.regarding, note.reason, note.distinct]);
    const now = clock.now();
    const known = entries.get(key);
    if (known && now - known.lastMs < seriesMs) {
      known.count += 1;
      known.lastMs = now;
      known.lastAt = clock.date();
      onOutcome("repeated");
    } else {
      if (!known && entries.size >= entriesAtMost) forget(now);
      if (!known && entries.size >= entriesAtMost) return onOutcome("dropped");
      entries.set(key, begin(note, now));
    }
    wake.abort();
  }

  function begin(note: EventNote, now: number): Entry {
    const at = clock.date();
    serial += 1;
    const name = `${note.regarding.name}.${at.getTime().toString(16)}${serial.toString(16)}`;
    const times = { firstAt: at, lastAt: at, lastMs: now, notBeforeMs: now };
    return { note, name, ...times, count: 1, told: 0, attempts: 0 };
  }

  /** Makes room: series that have ended and are told. */
  function forget(now: number): void {
    for (const [key, { lastMs, told, count }] of entries) {
      if (told === count && now - lastMs >= seriesMs) entries.delete(key);
    }
  }

  async function tell(key: string, entry: Entry, signal: AbortSignal): Promise<void> {
    const { count } = entry;
    const { namespace } = entry.note.regarding;
    try {
      if (entry.told === 0) {
        const object = eventObject(entry, options);
        await client.create(collectionPath(events, namespace), object, {}, signal);
        onOutcome("sent");
      } else {
        const path = objectPath(events, entry.name, namespace);
        await client.patch(path, { series: seriesOf(entry) }, {}, signal);
      }
      entry.told = count;
      entry.attempts = 0;
      entry.notBeforeMs = clock.now() + repeatMs;
    } catch (err) {
      if (!signal.aborted) failed(key, entry, err);
    }
  }

  function failed(key: string, entry: Entry, err: unknown): void {
    entry.attempts += 1;
    entry.notBeforeMs = clock.now() + 1000 * 2 ** entry.attempts;
    // A refusal stays one: the namespace is gone or going, or we may not. Others may pass.
    const isFinal = hasStatus(err, 400, 401, 403, 404, 409, 422);
    if (!isFinal && entry.attempts < attemptsAtMost) return;
    entries.delete(key);
    onOutcome("failed");
    const { reason, regarding } = entry.note;
    log.info({ err, reason, regarding: regarding.name }, "a Kubernetes Event could not be sent");
  }

  /** Warnings that are due come before all else; then whoever is due first. */
  function next(now: number): readonly [key: string, entry: Entry] | undefined {
    let first: readonly [string, Entry] | undefined;
    for (const [key, entry] of entries) {
      if (entry.told === entry.count) continue;
      const isDue = entry.notBeforeMs <= now;
      if (isDue && entry.note.type === "Warning") return [key, entry];
      if (!first || entry.notBeforeMs < first[1].notBeforeMs) first = [key, entry];
    }
    return first;
  }

  return {
    send,
    start: async (signal) => {
      while (!signal.aborted) {
        wake = new AbortController();
        const [key, entry] = next(clock.now()) ?? [];
        const waitMs = entry ? entry.notBeforeMs - clock.now() : seriesMs;
        if (key !== undefined && entry && waitMs <= 0) {
          await tell(key, entry, signal);
          await clock.sleep(pauseMs, signal).catch(() => undefined);
        } else {
          const end = AbortSignal.any([signal, wake.signal]);
          await clock.sleep(Math.max(1, waitMs), end).catch(() => undefined);
        }
        forget(clock.now());
      }
    },
  };
}
