import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { collectionPath, pods, type Resource } from "../kube/path.ts";
import { Reflector } from "../kube/reflector.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { ClusterFacts, KnownPod } from "../warnings/cluster.ts";
import { readPod } from "../warnings/readpod.ts";
import { readService } from "../warnings/readservice.ts";
import { createObjectIndex } from "./objectindex.ts";
import { createPatientClient } from "./patientclient.ts";
import { createSharing } from "./sharing.ts";
import { showWatch } from "./watchmetrics.ts";

const services: Resource = { apiVersion: "v1", plural: "services" };
/** Finished pods listen to nobody. */
const running = "status.phase!=Succeeded,status.phase!=Failed";
const driftCheckMs = 60 * 60_000;
/** A living watch is heard every dozen seconds; a copy that is older may be of another cluster. */
const freshMs = 30_000;
/** A page of pods is parsed within some milliseconds. */
const patience = { retryMs: 5 * 60_000, pageSize: 100 };

/** The pods and Services of the cluster, as far as warnings look at them. */
export type KnownObjects = {
  /** What is known for certain now: nothing before the copies are whole, or while they are old. */
  readonly now: () => Pick<ClusterFacts, "pods" | "services">;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Begins to watch pods and Services; nobody has to wait for it. */
export function watchObjects(
  deps: {
    readonly client: Pick<KubeClient, "list" | "watch">;
    readonly clock: Clock;
    readonly log: Log;
    readonly metrics: Metrics;
    /** How long to wait where the API server withholds them. */
    readonly retryMs?: number;
  },
  signal: AbortSignal,
): KnownObjects {
  const { clock, log, metrics } = deps;
  const share = createSharing<KnownPod>(({ labels, ports }) =>
    JSON.stringify([[...labels], ports]),
  );
  const seen = {
    // Pods that are made from one template are one object.
    pods: watch(pods, { fieldSelector: running }, (object) => {
      const pod = readPod(object);
      return pod && share(pod);
    }),
    services: watch(services, {}, readService),
  };
  return {
    now: () => {
      const known = seen.pods.now();
      if (known === undefined) return {};
      // Whether pods listen on the port of a Service itself, the Service does not tell.
      const leading = seen.services.now();
      return leading === undefined ? { pods: known } : { pods: known, services: leading };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([seen.pods.stop(), seen.services.stop()]);
    },
  };

  function watch<T extends object>(
    resource: Resource,
    selection: { readonly fieldSelector?: string },
    transform: (object: KubeObject) => T | undefined,
  ) {
    const reflector = new Reflector<T | undefined>({
      client: createPatientClient(deps.client, { ...patience, ...deps, log }),
      resource: { path: collectionPath(resource), ...selection },
      transform,
      log,
      clock,
      timing: { driftCheckMs },
    });
    const index = createObjectIndex(reflector);
    const label = resource === pods ? "pods" : "services";
    const hide = showWatch(metrics, label, reflector);
    reflector.start(signal);
    return {
      now: () =>
        reflector.synced && reflector.stalenessMs(clock.now()) < freshMs ? index : undefined,
      stop: async () => {
        hide();
        metrics.set("synced", { resource: label }, 0);
        await reflector[Symbol.asyncDispose]();
      },
    };
  }
}
