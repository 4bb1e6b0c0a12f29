import type { Metric } from "./metric.ts";

const webhook = ["webhook"] as const;

/** What the webhook decides. */
export const webhookMetrics = {
  decisions: {
    kind: "counter",
    name: "ringfence_admission_decisions_total",
    labels: ["webhook", "decision", "because"],
    help: "Reviews answered, by webhook, decision (allow, deny) and what it rests on.",
    in: webhook,
  },
  reviewDuration: {
    kind: "histogram",
    name: "ringfence_admission_review_duration_seconds",
    labels: ["webhook"],
    help: "From the start of a review to its decision; at the gate mostly waiting for the deny-all.",
    in: webhook,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  rangesUnknown: {
    kind: "gauge",
    name: "ringfence_cluster_ranges_unknown",
    labels: ["ranges"],
    help: "1 while clusterCIDRs is auto and the cluster does not name its ranges of pods or services: rules that need them judge without.",
    in: webhook,
  },
} as const satisfies Record<string, Metric>;
