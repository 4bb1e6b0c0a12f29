import { type Finding, findDNS } from "../isolation/dns/discovery.ts";
import type { DNSSource } from "../isolation/dns/ports.ts";
import type { DaemonSet, EndpointSlice, Service } from "../isolation/dns/seen.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import { servedResources } from "../kube/discovery.ts";
import type { Log } from "../kube/log.ts";
import type { KubeObject } from "../kube/object.ts";
import { collectionPath, type Resource } from "../kube/path.ts";
import { Reflector } from "../kube/reflector.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { showWatch, type Watched } from "./watchmetrics.ts";

const services: Resource = { apiVersion: "v1", plural: "services" };
const endpointSlices: Resource = { apiVersion: "discovery.k8s.io/v1", plural: "endpointslices" };
const daemonSets: Resource = { apiVersion: "apps/v1", plural: "daemonsets" };

/** Served by OpenShift alone; elsewhere anybody could make a namespace of that name. */
const openShiftApi = "config.openshift.io/v1";
const openShiftNamespace = "openshift-dns";
const retryMs = 5000;
const driftCheckMs = 10 * 60_000;

/** A reflector whatever it keeps. */
type AnyReflector = Pick<
  Reflector<unknown>,
  "counters" | "stalenessMs" | "synced" | "start" | "whenSynced" | typeof Symbol.asyncDispose
>;

export type WatchedDNS = DNSSource & {
  /** Begins to watch; resolves once everything has been read. */
  readonly start: (signal: AbortSignal) => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Watches what tells the cluster's DNS, in the namespaces that only the platform can write to. */
export function watchDNS(deps: {
  readonly client: Pick<KubeClient, "get" | "list" | "watch">;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}): WatchedDNS {
  const { client, log, metrics } = deps;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const watch = <T>(resource: Resource, namespace: string, transform: (object: KubeObject) => T) =>
    new Reflector<T>({
      client,
      resource: { path: collectionPath(resource, namespace) },
      transform,
      log,
      timing: { driftCheckMs },
      onChange: tell,
    });
  const watchNamespace = (namespace: string, prefix: "dns" | "openshift-dns") => ({
    prefix,
    services: watch(services, namespace, asService),
    slices: watch(endpointSlices, namespace, asEndpointSlice),
  });
  const caches = watch(daemonSets, "kube-system", asDaemonSet);
  let watched = [watchNamespace("kube-system", "dns")];
  let isSynced = false;
  const all = (): readonly (readonly [Watched, AnyReflector])[] => [
    ["dns-daemonsets", caches],
    ...watched.flatMap(
      ({ prefix, ...found }) =>
        [
          [`${prefix}-services`, found.services],
          [`${prefix}-endpointslices`, found.slices],
        ] as const,
    ),
  ];
  let shown: readonly (() => void)[] = [];

  return {
    read: (): Finding =>
      isSynced
        ? findDNS({
            services: watched.flatMap((found) => found.services.list()),
            slices: watched.flatMap((found) => found.slices.list()),
            daemonSets: caches.list(),
          })
        : { kind: "unknown" },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start: async (signal) => {
      if (await isOpenShift(deps, signal)) {
        watched = [...watched, watchNamespace(openShiftNamespace, "openshift-dns")];
      }
      shown = all().map(([name, reflector]) => showWatch(metrics, name, reflector));
      const reflectors = all().map(([, reflector]) => reflector);
      for (const reflector of reflectors) reflector.start(signal);
      await Promise.all(reflectors.map((reflector) => reflector.whenSynced(signal)));
      isSynced = true;
      tell();
    },
    [Symbol.asyncDispose]: async () => {
      for (const end of shown) end();
      await Promise.all(all().map(([, reflector]) => reflector[Symbol.asyncDispose]()));
    },
  };
}

async function isOpenShift(
  { client, clock, log }: { client: Pick<KubeClient, "get">; clock: Clock; log: Log },
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    try {
      return (await servedResources(client, openShiftApi, signal)).length > 0;
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error }, "the API server could not be asked whether it is OpenShift's");
      await clock.sleep(retryMs, signal);
    }
  }
}

function asService({ metadata, ["spec"]: spec }: KubeObject): Service {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server validated it
  const { selector, ports } = (spec ?? {}) as NonNullable<Service["spec"]>;
  return {
    metadata: nameAndLabels(metadata),
    spec: { selector: selector ?? {}, ports: ports ?? [] },
  };
}

/** Without the endpoints, which change with every pod. */
function asEndpointSlice({ metadata, ["ports"]: ports }: KubeObject): EndpointSlice {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server validated it
  const listening = (ports ?? []) as NonNullable<EndpointSlice["ports"]>;
  return { metadata: nameAndLabels(metadata), ports: listening };
}

function asDaemonSet({ metadata, ["spec"]: spec }: KubeObject): DaemonSet {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server validated it
  const { selector, template } = (spec ?? {}) as NonNullable<DaemonSet["spec"]>;
  const { hostNetwork = false, containers } = template?.spec ?? {};
  const commands = (containers ?? []).map(({ command, args }) => ({
    command: command ?? [],
    args: args ?? [],
  }));
  return {
    metadata: nameAndLabels(metadata),
    spec: {
      selector: selector ?? {},
      template: { spec: { hostNetwork, containers: commands } },
    },
  };
}

function nameAndLabels({ name = "", namespace = "", labels }: KubeObject["metadata"]) {
  return { name, namespace, labels: labels ?? {} };
}
