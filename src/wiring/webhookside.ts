import type { Logger } from "pino";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { KeyPair } from "../certificates/pair.ts";
import type { ClusterRanges, Configuration } from "../config/configuration.ts";
import type { KubeClient } from "../kube/client.ts";
import { systemClock } from "../kube/clock.ts";
import type { Reflector } from "../kube/reflector.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { freezeObjectPrototype } from "../server/prototype.ts";
import { createServer, type WebhookServer } from "../server/server.ts";
import { followClusterRanges } from "./clusterranges.ts";
import { createHandlers, gather } from "./handlers.ts";
import { type KnownObjects, watchObjects } from "./knownobjects.ts";
import { showWatch } from "./watchmetrics.ts";
import { createPolicyIndex, createPolicyLister, watchNetworkPolicies } from "./policyindex.ts";

/** Nodes join and leave slowly compared with this, and a new range is rare. */
const rangesEveryMs = 5 * 60_000;

export type WebhookSide = {
  readonly server: WebhookServer;
  readonly port: number;
  /** Judges by another configuration from the next request on. */
  readonly reconfigure: (configuration: Configuration) => void;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Serves verdicts; both watches must be synced. Its own, of all NetworkPolicies, need not be. */
export async function startWebhookSide(
  deps: {
    readonly client: KubeClient;
    readonly namespaces: Reflector<Namespace>;
    readonly policies: Reflector<NetworkPolicy>;
    readonly configuration: Configuration;
    readonly ownNamespace: string;
    readonly certificate: KeyPair;
    readonly listen: string;
    readonly port: number;
    readonly log: Logger;
    readonly metrics: Metrics;
  },
  signal: AbortSignal,
): Promise<WebhookSide> {
  const { client, log, metrics } = deps;
  const stored = watchNetworkPolicies(client, log);
  const networkPolicies = createPolicyLister(createPolicyIndex(stored), stored, client);
  let objects: KnownObjects | undefined;
  const gathered = gather({ ...deps, networkPolicies, objects: () => objects?.now() ?? {} });
  let { configuration } = deps;
  let ranges: ClusterRanges = "unknown";
  let handlers = createHandlers(gathered, configuration, ranges);
  // All or nothing: what no handler can be made of changes nothing.
  const judgeBy = (next: Configuration, found: ClusterRanges): void => {
    handlers = createHandlers(gathered, next, found);
    configuration = next;
    ranges = found;
  };

  /** What only warnings look at: neither verdicts nor readiness wait for it. */
  function watchForWarnings(): void {
    const isWanted = configuration.warnings.podsAndServices === "auto";
    if (isWanted) objects ??= watchObjects({ client, clock: systemClock, log, metrics }, signal);
    else void objects?.[Symbol.asyncDispose]();
    if (!isWanted) objects = undefined;
  }

  metrics.onScrape(() => {
    const { clusterCIDRs } = configuration;
    const lacks = clusterCIDRs === "auto" ? unknownRanges(ranges) : noneUnknown;
    metrics.set("rangesUnknown", { ranges: "pods" }, lacks.pods);
    metrics.set("rangesUnknown", { ranges: "services" }, lacks.services);
  });
  showWatch(metrics, "networkpolicies", stored);

  const firstRanges = Promise.withResolvers<void>();
  void followClusterRanges(
    {
      client,
      clock: systemClock,
      log,
      everyMs: rangesEveryMs,
      onChange: (found) => {
        judgeBy(configuration, found);
        log.info({ ranges }, "cluster ranges");
      },
      onLooked: () => firstRanges.resolve(),
    },
    signal,
  );
  // Not more permissive at the beginning than later: the first look comes before the first verdict.
  await firstRanges.promise;

  const { certificate } = deps;
  const { recorder } = gathered;
  const server = createServer({ handlers: () => handlers, certificate, recorder, log });
  freezeObjectPrototype();
  const { port } = await server.start({ host: deps.listen, port: deps.port });
  stored.start(signal);
  stored
    .whenSynced(signal)
    .then(() => log.info({ count: stored.list().length }, "all NetworkPolicies are in view"))
    .catch(() => {});
  watchForWarnings();
  return {
    server,
    port,
    reconfigure: (next) => {
      judgeBy(next, ranges);
      watchForWarnings();
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await stored[Symbol.asyncDispose]();
      await objects?.[Symbol.asyncDispose]();
    },
  };
}

const noneUnknown = { pods: 0, services: 0 };

/** 1 for each kind of range that the cluster does not name. */
function unknownRanges(ranges: ClusterRanges): typeof noneUnknown {
  if (ranges === "unknown") return { pods: 1, services: 1 };
  if (!("services" in ranges)) return noneUnknown;
  return { pods: 1, services: ranges.services.length === 0 ? 1 : 0 };
}
