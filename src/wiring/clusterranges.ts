import type { ClusterRanges } from "../config/configuration.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import type { KubeObject } from "../kube/object.ts";
import { collectionPath } from "../kube/path.ts";

const nodes = { apiVersion: "v1", plural: "nodes" };
const serviceCIDRs = { apiVersion: "networking.k8s.io/v1", plural: "servicecidrs" };

type Node = KubeObject & {
  readonly spec?: { readonly podCIDR?: string; readonly podCIDRs?: readonly string[] };
};
type ServiceCIDR = KubeObject & { readonly spec?: { readonly cidrs?: readonly string[] } };

/**
 * The address ranges of services and pods, as the cluster itself names them; those of services
 * only while no node names a pod range: some network plugins keep it elsewhere.
 */
export async function findClusterRanges(
  client: Pick<KubeClient, "list">,
  signal: AbortSignal,
): Promise<ClusterRanges> {
  const services = await client.list(
    collectionPath(serviceCIDRs),
    { transform: (object) => (object as ServiceCIDR).spec?.cidrs ?? [] },
    signal,
  );
  const pods = await client.list(
    collectionPath(nodes),
    { transform: (object) => podRanges(object as Node) },
    signal,
  );
  const podCIDRs = pods.items.flat();
  const serviceRanges = services.items.flat().toSorted();
  if (podCIDRs.length === 0) return { services: serviceRanges };
  return [...new Set([...serviceRanges, ...podCIDRs])].toSorted();
}

function podRanges({ spec }: Node): readonly string[] {
  return spec?.podCIDRs ?? (spec?.podCIDR ? [spec.podCIDR] : []);
}

/** Looks again from time to time and tells what changed; a failure leaves the last answer. */
export async function followClusterRanges(
  deps: {
    readonly client: Pick<KubeClient, "list">;
    readonly clock: Clock;
    readonly log: Log;
    readonly everyMs: number;
    readonly onChange: (ranges: ClusterRanges) => void;
    /** After each look, whatever it found. */
    readonly onLooked: () => void;
  },
  signal: AbortSignal,
): Promise<void> {
  let last = "";
  while (!signal.aborted) {
    try {
      const ranges = await findClusterRanges(deps.client, signal);
      const text = JSON.stringify(ranges);
      if (text !== last) deps.onChange(ranges);
      last = text;
    } catch (error) {
      if (!signal.aborted) deps.log.warn({ err: error }, "cluster ranges could not be read");
    }
    deps.onLooked();
    await deps.clock.sleep(deps.everyMs, signal).catch(() => {});
  }
}
