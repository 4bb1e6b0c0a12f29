import { expect, test } from "vitest";
import type { Decision } from "../../../src/admission/ports.ts";
import type { IsolationEvent } from "../../../src/isolation/ports.ts";
import { createDecisionMetrics } from "../../../src/metrics/decisions.ts";
import {
  createCompanionMetrics,
  createIsolationMetrics,
  showStatus,
} from "../../../src/metrics/isolation.ts";
import { createMetrics, type Metrics } from "../../../src/metrics/metrics.ts";
import { parseExposition } from "./exposition.ts";

/** Series of Ringfence's own that are not 0, without the buckets of histograms. */
async function counted(metrics: Metrics): Promise<Readonly<Record<string, number>>> {
  const families = parseExposition((await metrics.render()).text);
  const samples = [...families.values()].flatMap((family) => family.samples);
  return Object.fromEntries(
    samples.filter(([series, value]) => /^ringfence_(?!.*_bucket)/.test(series) && value !== 0),
  );
}

test("decisions are counted by what they rest on, and their time in seconds", async () => {
  const metrics = createMetrics(["webhook"]);
  const decision: Decision = {
    webhook: "validate",
    uid: "1",
    operation: "CREATE",
    resource: "networkpolicies",
    namespace: "shop",
    name: "web",
    user: "alice",
    dryRun: false,
    decision: "deny",
    because: "judged",
    patched: false,
    milliseconds: 2,
  };
  const recorder = createDecisionMetrics(metrics);
  recorder.record(decision);
  recorder.record({ ...decision, namespace: "other", user: "bob" });
  expect(await counted(metrics)).toEqual({
    'ringfence_admission_decisions_total{webhook="validate",decision="deny",because="judged"}': 2,
    'ringfence_admission_review_duration_seconds_count{webhook="validate"}': 2,
    'ringfence_admission_review_duration_seconds_sum{webhook="validate"}': 0.004,
  });
});

test("what the controller reports becomes numbers", async () => {
  const metrics = createMetrics(["controller"]);
  const counts = createIsolationMetrics(metrics);
  const namespace = "shop";
  const events: readonly IsolationEvent[] = [
    {
      kind: "policy-applied",
      namespace,
      reason: "missing",
      repair: false,
      origin: "marked",
      afterMs: 8,
    },
    { kind: "policy-applied", namespace, reason: "missing", repair: false, origin: "existing" },
    { kind: "policy-applied", namespace, reason: "opened", repair: true, changedBy: ["helm"] },
    { kind: "labelled", namespace, reason: "pending" },
    { kind: "labelled", namespace, reason: "unmarked", unmarkedSeconds: 3 },
    { kind: "contended", namespace, retryInMs: 1000 },
  ];
  for (const event of events) counts.report(event);
  counts.reconciled("written", 500);
  counts.reconciled("withheld", 0);
  counts.reconciled("failed", 0);
  counts.checkedPods("clean", "marked", 0);
  counts.checkedPods("older", "marked", 4);
  createCompanionMetrics(metrics).report({ kind: "dns-not-found", problems: [] });

  expect(await counted(metrics)).toEqual({
    'ringfence_companion_events_total{event="dns-not-found"}': 1,
    'ringfence_default_deny_created_total{origin="existing"}': 1,
    'ringfence_default_deny_created_total{origin="marked"}': 1,
    'ringfence_default_deny_delay_seconds_count{origin="marked"}': 1,
    'ringfence_default_deny_delay_seconds_sum{origin="marked"}': 0.008,
    'ringfence_default_deny_repairs_total{reason="opened"}': 1,
    ringfence_isolation_reconcile_duration_seconds_count: 3,
    ringfence_isolation_reconcile_duration_seconds_sum: 0.5,
    'ringfence_isolation_reconciles_total{result="failed"}': 1,
    'ringfence_isolation_reconciles_total{result="withheld"}': 1,
    'ringfence_isolation_reconciles_total{result="written"}': 1,
    'ringfence_isolation_retries_total{reason="failed"}': 1,
    ringfence_isolation_writes_withheld_total: 1,
    ringfence_namespaces_unmarked_duration_seconds_count: 1,
    ringfence_namespaces_unmarked_duration_seconds_sum: 3,
    ringfence_namespaces_unmarked_total: 1,
    'ringfence_pod_checks_total{outcome="clean",origin="marked"}': 1,
    'ringfence_pod_checks_total{outcome="older",origin="marked"}': 1,
    'ringfence_pods_older_than_default_deny_total{origin="marked"}': 4,
  });
});

test("what there is to do is shown by the leader alone", async () => {
  const metrics = createMetrics(["controller"]);
  const backfill = { total: 10, done: 4, running: true };
  const working = { queued: 3, pending: 2, contended: 1, backfill };
  let status: typeof working | undefined = working;
  showStatus(metrics, () => status);
  expect(await counted(metrics)).toEqual({
    ringfence_backfill_done_namespaces: 4,
    ringfence_backfill_namespaces: 10,
    ringfence_backfill_remaining_namespaces: 6,
    ringfence_backfill_running: 1,
    ringfence_isolation_queue_depth: 3,
    ringfence_namespaces_contended: 1,
    ringfence_namespaces_pending: 2,
  });
  status = undefined;
  expect(await counted(metrics)).toEqual({});
});
