import type { DefaultDeny } from "../api/names.ts";
import type { Clock } from "./ports.ts";

/** Since when new namespaces are isolated, and by which registration at the API server. */
export type SinceRecord = {
  /** What identifies the registration; another one is another installation. */
  readonly installation: string;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
};

export type SinceStore = {
  /** The registration that is there now, if any, and what was recorded. */
  read(
    signal: AbortSignal,
  ): Promise<{ readonly installation: string | undefined; readonly record?: SinceRecord }>;
  /** Records this instead; undefined takes the record back. */
  write(record: SinceRecord | undefined, signal: AbortSignal): Promise<void>;
};

export type SincePlan =
  | { readonly step: "keep"; readonly sinceMs: number | undefined }
  | { readonly step: "write"; readonly record: SinceRecord | undefined };

/**
 * What is recorded from now on. A record counts only for the registration that it was made for: who
 * uninstalls Ringfence and installs it again has not asked for the namespaces made in between.
 */
export function planSince(
  newNamespaces: DefaultDeny,
  found: Awaited<ReturnType<SinceStore["read"]>>,
  nowMs: number,
): SincePlan {
  const { installation, record } = found;
  if (newNamespaces !== "enabled") {
    return record ? { step: "write", record: undefined } : { step: "keep", sinceMs: undefined };
  }
  if (installation === undefined) return { step: "keep", sinceMs: undefined };
  if (record?.installation === installation) return { step: "keep", sinceMs: record.sinceMs };
  return { step: "write", record: { installation, sinceMs: nowMs } };
}

export type SinceDeps = {
  readonly store: SinceStore;
  readonly newNamespaces: () => DefaultDeny;
  /** Not before whatever namespace exists already, whichever clock is wrong. */
  readonly nowMs: () => number;
  readonly onChange: () => void;
  /** Not for each of several failures in a row. */
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
};

export type Since = {
  readonly current: () => number | undefined;
  /** Looks again: the configuration has changed. */
  readonly ask: () => void;
  /** Keeps the record until the signal aborts. */
  readonly start: (signal: AbortSignal) => Promise<void>;
};

/** A registration that is missing, or an API server that does not answer, is soon asked again. */
const unsettledMs = 5000;
const settledMs = 300_000;
/** With the pauses doubled each time. */
const failuresAtMost = 7;

/** Remembers beyond the life of any process since when new namespaces are isolated. */
export function createSince(deps: SinceDeps): Since {
  let sinceMs: number | undefined;
  let failures = 0;
  let wake = new AbortController();

  async function look(signal: AbortSignal): Promise<boolean> {
    try {
      const plan = planSince(deps.newNamespaces(), await deps.store.read(signal), deps.nowMs());
      if (plan.step === "write") await deps.store.write(plan.record, signal);
      const next = plan.step === "write" ? plan.record?.sinceMs : plan.sinceMs;
      failures = 0;
      const isNews = next !== sinceMs;
      sinceMs = next;
      if (isNews) deps.onChange();
      return next !== undefined || deps.newNamespaces() !== "enabled";
    } catch (error) {
      if (signal.aborted) return false;
      if (failures === 0) deps.onError(error);
      failures = Math.min(failures + 1, failuresAtMost);
      return false;
    }
  }

  return {
    current: () => sinceMs,
    ask: () => wake.abort(),
    start: async (signal) => {
      while (!signal.aborted) {
        wake = new AbortController();
        const end = AbortSignal.any([signal, wake.signal]);
        const isSettled = await look(signal);
        const againMs = Math.min(settledMs, unsettledMs * 2 ** Math.max(0, failures - 1));
        await deps.clock.sleep(isSettled ? settledMs : againMs, end).catch(() => undefined);
      }
    },
  };
}
