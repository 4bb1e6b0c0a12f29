import { lookup } from "../api/meta.ts";
import { defaultDenyLabel, defaultDenyPolicy, isolationLabel } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { WriteBudget } from "./budget.ts";
import { Memory } from "./memory.ts";
import { isTerminating } from "./plan.ts";
import { createPodCheck } from "./podcheck.ts";
import type {
  Change,
  Clock,
  Meter,
  NamespaceSource,
  PodLister,
  PolicySource,
  Progress,
  Reporter,
  Writer,
} from "./ports.ts";
import { createProgress } from "./progress.ts";
import { Queue } from "./queue.ts";
import { isCreatedAfter, isOpen, reconcile, writesAtMost } from "./reconcile.ts";
import { isExcluded, type IsolationSettings } from "./scope.ts";

export type IsolationDeps = {
  readonly namespaces: NamespaceSource;
  readonly policies: PolicySource;
  readonly pods: PodLister;
  readonly writer: Writer;
  readonly reporter: Reporter;
  readonly meter: Meter;
  readonly clock: Clock;
  /** The time of day, as the API server writes it into objects. */
  readonly date: () => Date;
  /** In [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /** The settings as of now; after a change call `resync`. */
  readonly settings: () => IsolationSettings;
  /**
   * Namespaces created after this are new ones even when nobody watched; in milliseconds since
   * 1970. After a change call `resync`.
   */
  readonly enabledSince: () => number | undefined;
  /** For what was there before; shared with whoever else writes at leisure. */
  readonly budget?: WriteBudget;
};

/** Namespaces that are worked on at the same time. */
const concurrency = 16;
/** A namespace takes two, and a third where it gets a companion. New ones are not counted. */
export const leisurelyWritesPerSecond = 50;

export type IsolationController = {
  /**
   * Isolates namespaces until the signal aborts; both sources must be synced. May be started again
   * afterwards: the life of a leader.
   */
  start(signal: AbortSignal): Promise<void>;
  /** Looks at every namespace again, after the configuration has changed. */
  resync(): void;
  /** What there is to do at this moment; undefined while somebody else does it. */
  status(): IsolationStatus | undefined;
};

export type IsolationStatus = {
  /** Namespaces to be looked at, now or later. */
  readonly queued: number;
  /** Marked and not yet isolated. */
  readonly pending: number;
  readonly contended: number;
  readonly backfill: Progress & { readonly running: boolean };
};

/** Keeps the deny-all of every namespace in place. */
export function createIsolationController(deps: IsolationDeps): IsolationController {
  let running: ReturnType<typeof createRun> | undefined;
  return {
    resync: () => running?.sweep(),
    status: () => running?.status(),
    start: async (signal) => {
      const run = createRun(deps, signal);
      const unsubscribe = [
        deps.namespaces.subscribe(run.onNamespace),
        deps.policies.subscribe(run.onPolicy),
      ];
      running = run;
      run.sweep();
      await Promise.all([run.queue.start(signal), run.podCheck.start(signal)]);
      running = undefined;
      for (const end of unsubscribe) end();
    },
  };
}

/** One life of the controller; what it remembers ends with it. */
function createRun(deps: IsolationDeps, signal: AbortSignal) {
  const { namespaces, reporter, meter, clock, random, settings, enabledSince } = deps;
  const memory = new Memory(deps);
  /** Namespaces that were there before, by name, until they have a label: they can wait. */
  let existing = new Set<string>();
  const podCheck = createPodCheck(deps);
  const progress = createProgress(reporter, clock);
  const queue = new Queue({
    work: (name, abort) => metered(name, abort),
    onFailure: ({ key, error, failures, retryInMs }) =>
      reporter.report({ kind: "failed", namespace: key, error, failures, retryInMs }),
    clock,
    random,
    concurrency,
    baseMs: 100,
    capMs: 15_000,
    pacing: {
      canWait: (name) => existing.has(name) && isOpen(name, { ...deps, memory }),
      budget: deps.budget ?? new WriteBudget(leisurelyWritesPerSecond, clock),
      writes: writesAtMost,
    },
  });

  async function metered(name: string, abort: AbortSignal) {
    const begunMs = clock.now();
    try {
      const reconciled = await reconcile(name, { ...deps, memory, podCheck }, abort);
      meter.reconciled(reconciled.result, clock.now() - begunMs);
      return reconciled;
    } catch (error) {
      if (!abort.aborted) meter.reconciled("failed", clock.now() - begunMs);
      throw error;
    }
  }

  function onNamespace(change: Change<Namespace>): void {
    memory.sawNamespace(change, settings().newNamespaces, clock.now());
    if (change.type === "deleted" || !isUnlabelled(change.object)) {
      existing.delete(change.key);
      progress.done(change.key);
    }
    if (change.type === "deleted") {
      queue.forget(change.key);
      podCheck.forget(change.key);
    }
    // What was there before and has no label is the backfill's, at its pace.
    if (change.initial && isUnlabelled(change.object)) return;
    queue.add(change.key);
  }

  function onPolicy(change: Change<NetworkPolicy>): void {
    const [namespace = "", name] = change.key.split("/");
    if (name !== defaultDenyPolicy) return;
    memory.sawPolicy(change);
    queue.add(namespace);
  }

  /**
   * Queues all namespaces: those without a label to be worked on when there is nothing else to do,
   * and by name, so that where it goes on after a restart is no surprise.
   */
  function sweep(): void {
    const all = [...namespaces.list()];
    const unlabelled = all.filter((namespace) => isUnlabelled(namespace)).map(nameOf);
    const setting = settings().existingNamespaces;
    existing = new Set(unlabelled.toSorted());
    reporter.report({ kind: "existing-namespaces", setting, unlabelled: existing.size });
    if (setting === "enabled") progress.begin([...existing], signal);
    else progress.cancel();
    for (const name of all.map(nameOf)) if (!existing.has(name)) queue.add(name);
    // With any other setting there is at most an outdated isolation label to take back.
    for (const name of existing) queue.add(name);
  }

  function isUnlabelled(namespace: Namespace): boolean {
    const { name = "", uid = "", labels } = namespace.metadata;
    const isLabelled = lookup(labels, defaultDenyLabel) !== undefined;
    if (isLabelled || memory.appeared(uid) !== undefined) return false;
    if (isTerminating(namespace) || isCreatedAfter(namespace, enabledSince())) return false;
    return !isExcluded(name, settings());
  }

  function status(): IsolationStatus {
    let pending = 0;
    for (const { metadata } of namespaces.list()) {
      if (lookup(metadata.labels, isolationLabel) === "pending") pending += 1;
    }
    const contended = memory.contended(clock.now());
    return { queued: queue.size, pending, contended, backfill: progress.read() };
  }

  return { queue, podCheck, onNamespace, onPolicy, sweep, status };
}

function nameOf({ metadata }: Namespace): string {
  return metadata.name ?? "";
}
