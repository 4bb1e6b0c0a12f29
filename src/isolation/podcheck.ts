import { judgePods, type Isolated } from "./olderpods.ts";
import type { Clock, Meter, Origin, PodLister, Reporter } from "./ports.ts";
import { Queue } from "./queue.ts";

export type PodCheckDeps = {
  readonly pods: PodLister;
  readonly reporter: Reporter;
  readonly meter: Meter;
  readonly clock: Clock;
  /** In [0, 1), for the jitter of retries. */
  readonly random: () => number;
};

export type PodCheck = {
  /** Looks once, soon, whether pods of this namespace are older than its deny-all. */
  ask(namespace: string, origin: Origin, isolated: Isolated): void;
  /** Not this namespace any more: it has ended. */
  forget(namespace: string): void;
  /** Works until the signal aborts. */
  start(signal: AbortSignal): Promise<void>;
};

type Asked = { readonly origin: Origin; readonly isolated: Isolated; failures: number };

/** A pause after each look: with two at a time at most 40 in a second. */
const pauseMs = 50;
const attempts = 5;
const namesAtMost = 10;

/**
 * Looks for pods that are older than the deny-all of their new namespace. Apart from the writes, at
 * a pace of its own, and only as well as it goes: nothing waits for it, and what it does not see
 * because the process ended is not looked for again.
 */
export function createPodCheck(deps: PodCheckDeps): PodCheck {
  const { pods, reporter, meter, clock, random } = deps;
  const asked = new Map<string, Asked>();
  const queue = new Queue({
    work: async (namespace, signal) => {
      await check(namespace, signal);
      await clock.sleep(pauseMs, signal).catch(() => undefined);
      return {};
    },
    onFailure: () => undefined,
    clock,
    random,
    concurrency: 2,
    baseMs: 500,
    capMs: 15_000,
  });

  async function check(namespace: string, signal: AbortSignal): Promise<void> {
    const question = asked.get(namespace);
    if (!question) return;
    const { origin, isolated } = question;
    try {
      tell(namespace, origin, judgePods(await pods.list(namespace, signal), isolated));
    } catch (error) {
      question.failures += 1;
      if (signal.aborted || question.failures < attempts) throw error;
      meter.checkedPods("failed", origin, 0);
      reporter.report({ kind: "pods-unchecked", namespace, error });
    }
    if (asked.get(namespace) === question) asked.delete(namespace);
  }

  function tell(
    namespace: string,
    origin: Origin,
    { older, undecided }: ReturnType<typeof judgePods>,
  ): void {
    if (older.length === 0 && undecided.length === 0) meter.checkedPods("clean", origin, 0);
    if (undecided.length > 0) meter.checkedPods("undecided", origin, undecided.length);
    if (older.length === 0) return;
    meter.checkedPods("older", origin, older.length);
    const first = older.toSorted().slice(0, namesAtMost);
    reporter.report({ kind: "older-pods", namespace, origin, count: older.length, pods: first });
  }

  return {
    ask: (namespace, origin, isolated) => {
      asked.set(namespace, { origin, isolated, failures: 0 });
      queue.add(namespace);
    },
    forget: (namespace) => {
      asked.delete(namespace);
      queue.forget(namespace);
    },
    start: (signal) => queue.start(signal),
  };
}
