import type { IsolationStatus } from "../isolation/controller.ts";
import type { CompanionReporter } from "../isolation/dns/ports.ts";
import type { IsolationEvent, Meter, Reporter } from "../isolation/ports.ts";
import type { Metrics } from "./metrics.ts";

/** Counts what the controller of the deny-alls reports, and what it does not report singly. */
export function createIsolationMetrics(metrics: Metrics): Meter & Reporter {
  return {
    reconciled: (result, milliseconds) => {
      metrics.add("reconciles", { result });
      metrics.observe("reconcileDuration", {}, milliseconds / 1000);
      if (result === "withheld") metrics.add("withheld", {});
      if (result === "failed" || result === "conflict" || result === "unsettled") {
        metrics.add("retries", { reason: result });
      }
    },
    checkedPods: (outcome, origin, pods) => {
      metrics.add("podChecks", { outcome, origin });
      if (outcome === "older") metrics.add("olderPods", { origin }, pods);
    },
    report: (event) => {
      if (event.kind === "policy-applied") countApplied(event);
      if (event.kind === "labelled" && event.unmarkedSeconds !== undefined) {
        metrics.add("unmarked", {});
        metrics.observe("unmarkedDuration", {}, event.unmarkedSeconds);
      }
    },
  };

  function countApplied(event: Extract<IsolationEvent, { kind: "policy-applied" }>): void {
    const { reason, origin, afterMs } = event;
    // An adopted deny-all of a namespace that was never ready is both.
    if (event.repair) metrics.add("repairs", { reason });
    else if (origin) metrics.add("created", { origin });
    if (origin && afterMs !== undefined) metrics.observe("window", { origin }, afterMs / 1000);
  }
}

/** Counts what happens to the companions. */
export function createCompanionMetrics(metrics: Metrics): CompanionReporter {
  return { report: ({ kind }) => metrics.add("dnsChanges", { event: kind }) };
}

/** Tells at each scrape what there is to do; nothing in a replica that does not lead. */
export function showStatus(
  metrics: Metrics,
  status: () => IsolationStatus | undefined,
): () => void {
  return metrics.onScrape(() => {
    const { queued, pending, contended, backfill } = status() ?? idle;
    metrics.set("queued", {}, queued);
    metrics.set("pending", {}, pending);
    metrics.set("contended", {}, contended);
    metrics.set("backfillTotal", {}, backfill.total);
    metrics.set("backfillDone", {}, backfill.done);
    metrics.set("backfillRemaining", {}, backfill.total - backfill.done);
    metrics.set("backfillRunning", {}, backfill.running ? 1 : 0);
  });
}

const idle: IsolationStatus = {
  queued: 0,
  pending: 0,
  contended: 0,
  backfill: { total: 0, done: 0, running: false },
};
