import { linkedAbort, unlessAborted, withDeadline } from "./abort.ts";
import { type Attempt, Candidate, type CandidateOptions } from "./candidate.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Log } from "./log.ts";

export type ElectionTiming = {
  /** How long others wait for a holder who does not renew. */
  readonly leaseMs: number;
  /** How long the holder goes on without a successful renewal; shorter than `leaseMs`. */
  readonly renewMs: number;
  readonly retryMs: number;
};

export type LeaderElectionOptions = Omit<CandidateOptions, "clock" | "leaseMs"> & {
  readonly log: Log;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly timing?: ElectionTiming;
  /** The leader's work; its signal aborts when leadership ends. Throwing gives leadership up. */
  readonly onStartedLeading: (signal: AbortSignal) => Promise<void> | void;
  readonly onStoppedLeading?: () => void;
};

export type LeaderElection = {
  /** Contends until the signal aborts, and steps down then. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** True only while no other process can be the leader, even if this one was frozen. */
  readonly leading: boolean;
  /** Whoever held the lease when it was last read. */
  readonly holder: string | undefined;
};

const defaultTiming: ElectionTiming = { leaseMs: 15_000, renewMs: 10_000, retryMs: 2000 };

/** One leader among processes that share a Lease. Nothing may become wrong if there are two. */
export function createLeaderElection(options: LeaderElectionOptions): LeaderElection {
  const { clock = systemClock, random = Math.random, timing = defaultTiming, log } = options;
  const { leaseMs, renewMs, retryMs } = timing;
  const { client, namespace, name, identity } = options;
  const candidate = new Candidate({ client, namespace, name, identity, clock, leaseMs });
  let leads = false;
  const leftMs = (): number => candidate.renewedAt + renewMs - clock.now();

  /** An attempt that never hangs longer than `limitMs`; undefined when it failed. */
  async function attempt(limitMs: number, signal: AbortSignal): Promise<Attempt | undefined> {
    try {
      return await withDeadline(clock, limitMs, (limited) => candidate.attempt(limited), signal);
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error, lease: name }, "the lease could not be renewed");
      return undefined;
    }
  }

  /** Renews until the lease is lost or given up; a process that was frozen sees it at once. */
  async function hold(signal: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(Math.max(0, Math.min(retryMs, leftMs())), signal).catch(() => {});
      if (signal.aborted || leftMs() <= 0) return;
      if ((await attempt(leftMs(), signal)) === "other") return;
    }
  }

  async function lead(signal: AbortSignal): Promise<void> {
    using linked = linkedAbort(signal);
    const { abort } = linked;
    leads = true;
    log.info({ lease: name, identity }, "started leading");
    const work = startWork(abort);
    await hold(abort.signal);
    leads = false;
    abort.abort(new Error("leadership ended"));
    await finished(work);
    log.info({ lease: name, identity }, "stopped leading");
    options.onStoppedLeading?.();
    await stepDown();
  }

  async function startWork(abort: AbortController): Promise<void> {
    try {
      await options.onStartedLeading(abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) log.error({ err: error, lease: name }, "the leader's work failed");
      abort.abort(error);
    }
  }

  /** Work that ignores its signal must not keep the lease from others for ever. */
  async function finished(work: Promise<void>): Promise<void> {
    const wait = (limited: AbortSignal) => unlessAborted(work, limited);
    await withDeadline(clock, renewMs, wait, never()).catch((error: unknown) =>
      log.error({ err: error, lease: name }, "the leader's work did not stop in time"),
    );
  }

  async function stepDown(): Promise<void> {
    try {
      await withDeadline(clock, retryMs, (limited) => candidate.release(limited), never());
    } catch (error) {
      log.warn({ err: error, lease: name }, "the lease could not be released and will expire");
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if ((await attempt(renewMs, signal)) === "held" && !signal.aborted) await lead(signal);
      // After leading too: a leader whose work fails leaves the lease to somebody else.
      await clock.sleep(retryMs * (1 + random() * 0.2), signal).catch(() => {});
    }
  }

  return {
    run,
    get leading() {
      return leads && leftMs() > 0;
    },
    get holder() {
      return candidate.holder;
    },
  };
}

/** Stepping down happens after the caller's signal has aborted; deadlines bound it. */
function never(): AbortSignal {
  return new AbortController().signal;
}
