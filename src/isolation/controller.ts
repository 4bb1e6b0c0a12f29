import { lookup } from "../api/meta.ts";
import { defaultDenyLabel, defaultDenyPolicy } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { backfill } from "./backfill.ts";
import { Memory } from "./memory.ts";
import type { Change, Clock, NamespaceSource, PolicySource, Reporter, Writer } from "./ports.ts";
import { Queue } from "./queue.ts";
import { reconcile } from "./reconcile.ts";
import { isExcluded, type IsolationSettings } from "./scope.ts";

export type IsolationDeps = {
  readonly namespaces: NamespaceSource;
  readonly policies: PolicySource;
  readonly writer: Writer;
  readonly reporter: Reporter;
  readonly clock: Clock;
  /** In [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /** The settings as of now; after a change call `resync`. */
  readonly settings: () => IsolationSettings;
  readonly limits?: IsolationLimits;
};

export type IsolationLimits = {
  /** Namespaces that are worked on at the same time. */
  readonly concurrency: number;
  /** Existing namespaces per second; each takes two writes. */
  readonly backfillPerSecond: number;
};

export const defaultLimits: IsolationLimits = { concurrency: 16, backfillPerSecond: 25 };

export type IsolationController = {
  /**
   * Isolates namespaces until the signal aborts; both sources must be synced. May be started again
   * afterwards: the life of a leader.
   */
  start(signal: AbortSignal): Promise<void>;
  /** Looks at every namespace again, after the configuration has changed. */
  resync(): void;
};

/** Keeps the deny-all of every namespace in place. */
export function createIsolationController(deps: IsolationDeps): IsolationController {
  let sweep: (() => void) | undefined;
  return {
    resync: () => sweep?.(),
    start: async (signal) => {
      const run = createRun(deps, signal);
      const unsubscribe = [
        deps.namespaces.subscribe(run.onNamespace),
        deps.policies.subscribe(run.onPolicy),
      ];
      sweep = run.sweep;
      sweep();
      await run.queue.start(signal);
      sweep = undefined;
      for (const end of unsubscribe) end();
    },
  };
}

/** One life of the controller; what it remembers ends with it. */
function createRun(deps: IsolationDeps, signal: AbortSignal) {
  const { namespaces, reporter, clock, random, settings } = deps;
  const { concurrency, backfillPerSecond } = deps.limits ?? defaultLimits;
  const memory = new Memory(deps);
  const queue = new Queue({
    work: (name, abort) => reconcile(name, { ...deps, memory }, abort),
    onFailure: ({ key, error, failures, retryInMs }) =>
      reporter.report({ kind: "failed", namespace: key, error, failures, retryInMs }),
    clock,
    random,
    concurrency,
    baseMs: 100,
    capMs: 15_000,
  });
  let pacing = new AbortController();

  function onNamespace(change: Change<Namespace>): void {
    memory.sawNamespace(change, settings().newNamespaces, clock.now());
    if (change.type === "deleted") queue.forget(change.key);
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

  /** Queues namespaces with a label at once, those without at the pace of the backfill. */
  function sweep(): void {
    const all = [...namespaces.list()];
    const unlabelled = all.filter((namespace) => isUnlabelled(namespace)).map(nameOf);
    const later = new Set(unlabelled);
    for (const name of all.map(nameOf)) if (!later.has(name)) queue.add(name);

    const setting = settings().existingNamespaces;
    reporter.report({ kind: "existing-namespaces", setting, unlabelled: unlabelled.length });
    pacing.abort();
    pacing = new AbortController();
    // With any other setting there is at most an outdated isolation label to take back.
    const pace = setting === "enabled" ? backfillPerSecond : 1000;
    const end = AbortSignal.any([signal, pacing.signal]);
    void backfill(unlabelled, pace, (name) => queue.add(name), clock, end);
  }

  function isUnlabelled({ metadata }: Namespace): boolean {
    const isLabelled = lookup(metadata.labels, defaultDenyLabel) !== undefined;
    if (isLabelled || memory.appeared(metadata.uid ?? "") !== undefined) return false;
    return !isExcluded(metadata.name ?? "", settings());
  }

  return { queue, onNamespace, onPolicy, sweep };
}

function nameOf({ metadata }: Namespace): string {
  return metadata.name ?? "";
}
