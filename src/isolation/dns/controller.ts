import { allowDNSPolicy, defaultDenyPolicy } from "../../api/names.ts";
import type { Namespace } from "../../api/namespace.ts";
import type { NetworkPolicy } from "../../api/networkpolicy.ts";
import { isEqual } from "../../engine/equal.ts";
import { backfill } from "../backfill.ts";
import type { Effort } from "../effort.ts";
import { Freshest } from "../freshest.ts";
import type { Change, Clock, NamespaceSource, PolicySource, Writer } from "../ports.ts";
import { Queue } from "../queue.ts";
import { type Allowance, decideAllowance } from "./allowance.ts";
import { planCompanion } from "./plan.ts";
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
/** When the DNS of the whole cluster has changed; namespaces that change themselves do not wait. */
const perSecond = 25;

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
  const { namespaces, dns, judge, reporter, clock, random, settings } = deps;
  const freshest = new Freshest<NetworkPolicy>();
  const efforts = new Map<string, Effort>();
  let allowance: Allowance = { kind: "leave" };
  let told: CompanionEvent | undefined;
  let pacing = new AbortController();
  let settling = false;

  const situated = { ...deps, freshest, efforts, allowance: () => allowance };
  const queue = new Queue({
    work: (name, abort) => reconcileCompanion(name, situated, abort),
    onFailure: ({ key, error, failures, retryInMs }) =>
      reporter.report({ kind: "companion-failed", namespace: key, error, failures, retryInMs }),
    clock,
    random,
    concurrency: 4,
    // A webhook of ours that is down refuses every companion: thousands of them must not insist.
    baseMs: 1000,
    capMs: 60_000,
  });

  function onNamespace({ type, key, object }: Change<Namespace>): void {
    if (type === "deleted") {
      efforts.delete(object.metadata.uid ?? "");
      queue.forget(key);
    }
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

  /** Decides, and queues the namespaces in which there is something to write, at a pace. */
  function sweep(): void {
    decide();
    const names = [...namespaces.list()].map(({ metadata }) => metadata.name ?? "");
    const open = names.filter((name) => {
      const situation = observeCompanion(name, situated);
      return planCompanion(situation, allowance, settings()).step !== "nothing";
    });
    pacing.abort();
    pacing = new AbortController();
    const end = AbortSignal.any([signal, pacing.signal]);
    void backfill(open, perSecond, (name) => queue.add(name), clock, end);
  }

  return { queue, onNamespace, onPolicy, onCompanion, onDNS, sweep };
}
