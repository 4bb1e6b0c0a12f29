import { lookup } from "../../api/meta.ts";
import {
  allowDNSPolicy,
  defaultDenyLabel,
  defaultDenyPolicy,
  isolationLabel,
} from "../../api/names.ts";
import type { Namespace } from "../../api/namespace.ts";
import type { NetworkPolicy } from "../../api/networkpolicy.ts";
import { isEqual } from "../../engine/equal.ts";
import type { WriteBudget } from "../budget.ts";
import type { Effort } from "../effort.ts";
import { Freshest } from "../freshest.ts";
import type { Change, Clock, NamespaceSource, PolicySource, Writer } from "../ports.ts";
import { Queue } from "../queue.ts";
import { type Allowance, decideAllowance } from "./allowance.ts";
import { type CompanionPlan, planCompanion } from "./plan.ts";
import type { CompanionEvent, CompanionReporter, CompanionSettings, DNSSource } from "./ports.ts";
import { observeCompanion, reconcileCompanion } from "./reconcile.ts";
import type { Judge } from "./verdict.ts";

export type CompanionDeps = {
  readonly namespaces: NamespaceSource;
  readonly denyAlls: PolicySource;
  /** Only policies named `ringfence-allow-dns` need to be in it. */
  readonly companions: PolicySource;
  readonly dns: DNSSource;
  readonly judge: Judge;
  readonly writer: Pick<Writer, "applyPolicy">;
  readonly reporter: CompanionReporter;
  readonly clock: Clock;
  /** For namespaces that were there before; shared with the controller of the deny-alls. */
  readonly budget: WriteBudget;
  /** In [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /** The settings as of now; after a change call `resync`. */
  readonly settings: () => CompanionSettings;
};

export type CompanionController = {
  /** Keeps companions in place until the signal aborts; the three watches must be synced. */
  start(signal: AbortSignal): Promise<void>;
  /** Decides anew, after the configuration has changed. */
  resync(): void;
};

/** A DNS Service that is deleted and made again, or changed in steps, is looked at when it is done. */
const settleMs = 1000;

/**
 * Lets isolated namespaces reach the cluster's DNS. Apart from the controller of the deny-alls, with
 * a queue of its own: whatever fails or waits here delays no isolation.
 */
export function createCompanionController(deps: CompanionDeps): CompanionController {
  let sweep: (() => void) | undefined;
  return {
    resync: () => sweep?.(),
    start: async (signal) => {
      const run = createRun(deps, signal);
      const unsubscribe = [
        deps.namespaces.subscribe(run.onNamespace),
        deps.denyAlls.subscribe(({ key }) => run.onPolicy(key, defaultDenyPolicy)),
        deps.companions.subscribe(run.onCompanion),
        deps.dns.subscribe(run.onDNS),
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
function createRun(deps: CompanionDeps, signal: AbortSignal) {
  const { namespaces, dns, judge, reporter, clock, random, settings, budget } = deps;
  const freshest = new Freshest<NetworkPolicy>();
  const efforts = new Map<string, Effort>();
  let allowance: Allowance = { kind: "leave" };
  let told: CompanionEvent | undefined;
  /** What the whole cluster is about, by name, until it is done; all else goes first. */
  const leisurely = new Set<string>();
  let settling = false;

  const situated = { ...deps, freshest, efforts, allowance: () => allowance };
  const queue = new Queue({
    work: async (name, abort) => {
      const outcome = await reconcileCompanion(name, situated, abort);
      const plan = planOf(name);
      if (plan.step === "nothing" && plan.reason !== "not-isolated") leisurely.delete(name);
      return outcome;
    },
    onFailure: ({ key, error, failures, retryInMs }) =>
      reporter.report({ kind: "companion-failed", namespace: key, error, failures, retryInMs }),
    clock,
    random,
    concurrency: 4,
    // A webhook of ours that is down refuses every companion: thousands of them must not insist.
    baseMs: 1000,
    capMs: 60_000,
    pacing: {
      canWait: (name) => leisurely.has(name) && planOf(name).step !== "nothing",
      budget,
      writes: 1,
    },
  });

  function onNamespace(change: Change<Namespace>): void {
    const { type, key, object } = change;
    if (type === "deleted") {
      efforts.delete(object.metadata.uid ?? "");
      leisurely.delete(key);
      queue.forget(key);
    }
    if (isBackfilled(change)) leisurely.add(key);
    queue.add(key);
  }

  function onCompanion(change: Change<NetworkPolicy>): void {
    freshest.seen(change);
    onPolicy(change.key, allowDNSPolicy);
  }

  function onPolicy(key: string, expected: string): void {
    const [namespace = "", name] = key.split("/");
    if (name === expected) queue.add(namespace);
  }

  function onDNS(): void {
    if (settling) return;
    settling = true;
    const settled = (): void => {
      settling = false;
      // Endpoint slices change often, what they say seldom.
      if (!signal.aborted && decide()) sweep();
    };
    clock.sleep(settleMs, signal).then(settled, settled);
  }

  /** Decides anew; true when something else is to become of the companions. */
  function decide(): boolean {
    const { allowance: next, event } = decideAllowance(settings().allowDNS, dns.read(), judge);
    if (event && !isEqual(event, told)) reporter.report(event);
    told = event;
    const isNews = !isEqual(next, allowance);
    allowance = next;
    return isNews;
  }

  function planOf(name: string): CompanionPlan {
    return planCompanion(observeCompanion(name, situated), allowance, settings());
  }

  /** Decides, and queues the namespaces in which there is something to write, at a pace. */
  function sweep(): void {
    decide();
    for (const { metadata } of namespaces.list()) {
      const { name = "" } = metadata;
      if (planOf(name).step === "nothing") continue;
      leisurely.add(name);
      queue.add(name);
    }
  }

  return { queue, onNamespace, onPolicy, onCompanion, onDNS, sweep };
}

/** A new namespace has its label from its beginning, and whoever opts in sets it. */
function isBackfilled({ object, previous }: Change<Namespace>): boolean {
  const wasUnlabelled =
    previous && lookup(previous.metadata.labels, defaultDenyLabel) === undefined;
  return wasUnlabelled === true && lookup(object.metadata.labels, isolationLabel) === "ready";
}
