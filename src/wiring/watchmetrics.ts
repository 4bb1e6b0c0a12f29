import { systemClock } from "../kube/clock.ts";
import type { Reflector } from "../kube/reflector.ts";
import type { Metrics } from "../metrics/metrics.ts";

/** The watches by the names that metrics know them by. */
export type Watched =
  | "namespaces"
  | "default-deny-policies"
  | "allow-dns-policies"
  | "networkpolicies"
  | "pods"
  | "services"
  // What tells the cluster's DNS, in kube-system and where OpenShift keeps its own.
  | "dns-services"
  | "dns-endpointslices"
  | "dns-daemonsets"
  | "openshift-dns-services"
  | "openshift-dns-endpointslices";

/** Shows at each scrape how fresh the copy of one resource is; the result ends it. */
export function showWatch(
  metrics: Metrics,
  resource: Watched,
  reflector: Pick<Reflector<unknown>, "counters" | "stalenessMs" | "synced">,
): () => void {
  return metrics.onScrape(() => {
    const { expired, reconnects, drifts, driftRelists } = reflector.counters;
    metrics.set("staleness", { resource }, reflector.stalenessMs(systemClock.now()) / 1000);
    metrics.set("synced", { resource }, reflector.synced ? 1 : 0);
    metrics.total("relists", { resource, reason: "expired" }, expired);
    metrics.total("relists", { resource, reason: "drift" }, driftRelists);
    metrics.total("watchRestarts", { resource }, reconnects);
    metrics.total("drifts", { resource }, drifts);
  });
}
