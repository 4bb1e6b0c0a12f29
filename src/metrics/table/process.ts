import type { Metric } from "./metric.ts";

const both = ["webhook", "controller"] as const;
const controller = ["controller"] as const;

/** Watches, configuration and leadership. */
export const processMetrics = {
  staleness: {
    kind: "gauge",
    name: "ringfence_watch_staleness_seconds",
    labels: ["resource"],
    help: "Since the API server was last heard on this watch; while it answers, at most 14 seconds. Resources: namespaces, default-deny-policies; of the webhook networkpolicies, pods, services; of the leader allow-dns-policies, dns-services, dns-endpointslices, dns-daemonsets, and on OpenShift openshift-dns-services, openshift-dns-endpointslices.",
    in: both,
  },
  synced: {
    kind: "gauge",
    name: "ringfence_watch_synced",
    labels: ["resource"],
    help: "1 once the copy of this resource holds what the API server held.",
    in: both,
  },
  relists: {
    kind: "counter",
    name: "ringfence_watch_relists_total",
    labels: ["resource", "reason"],
    help: "Lists after the first: the history was lost or went back (expired), or the copy was found to be wrong (drift).",
    in: both,
  },
  watchRestarts: {
    kind: "counter",
    name: "ringfence_watch_restarts_total",
    labels: ["resource"],
    help: "Watches that ended before their time, which is 9 to 12 seconds.",
    in: both,
  },
  drifts: {
    kind: "counter",
    name: "ringfence_watch_drifts_total",
    labels: ["resource"],
    help: "Comparisons with a fresh list that found the copy wrong although its watch looked healthy.",
    in: both,
  },
  reloads: {
    kind: "counter",
    name: "ringfence_configuration_reloads_total",
    labels: ["outcome"],
    help: "Configuration files read, by outcome: ok, or failed, which changes nothing.",
    in: both,
  },
  lastReload: {
    kind: "gauge",
    name: "ringfence_configuration_last_success_timestamp_seconds",
    labels: [],
    help: "When the configuration in force was loaded, in seconds since 1970.",
    in: both,
  },
  leader: {
    kind: "gauge",
    name: "ringfence_leader",
    labels: [],
    help: "1 in the replica that leads. In all replicas together it is 1, or briefly 0.",
    in: controller,
  },
  leaderTransitions: {
    kind: "counter",
    name: "ringfence_leader_transitions_total",
    labels: ["to"],
    help: "How often this replica began to lead (leading) or ceased to (following).",
    in: controller,
  },
} as const satisfies Record<string, Metric>;
