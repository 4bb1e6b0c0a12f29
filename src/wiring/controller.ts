import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { ControllerOptions } from "../cli/options.ts";
import { createLeaderElection } from "../kube/lease.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { createHealthServer } from "../server/health.ts";
import { writeCaBundle } from "./cabundle.ts";
import { type Cluster, connect, whenSynced } from "./cluster.ts";
import { createControllerSide } from "./controllerside.ts";
import { serveMetrics } from "./exposition.ts";
import { type Environment, inClusterConnection, shareAuthority } from "./incluster.ts";
import { followSettings, loadSettings } from "./settings.ts";
import { controllerLease } from "./sincestore.ts";
import { showWatch } from "./watchmetrics.ts";

const bundleEveryMs = 10_000;

export type ControllerDeps = {
  readonly options: ControllerOptions;
  readonly environment: Environment;
  readonly log: Logger;
};

/** One replica of the controller; the leader works, the others keep their caches warm. */
export async function runController(deps: ControllerDeps, signal: AbortSignal): Promise<void> {
  const { options, log } = deps;
  let configuration = await loadSettings(options.config, signal);
  await using cluster = await connect(inClusterConnection(options, deps.environment), log, signal);
  const synced = (): string | undefined =>
    cluster.namespaces.synced && cluster.policies.synced ? undefined : "not synced";
  const metrics = createMetrics(["controller"]);
  showWatch(metrics, "namespaces", cluster.namespaces);
  showWatch(metrics, "default-deny-policies", cluster.policies);
  await using health = createHealthServer(() => [{ name: "caches", check: synced }]);
  serveMetrics(health, metrics);
  await health.start({ port: options.healthPort });
  await whenSynced(cluster, signal);

  const controller = createControllerSide({
    ...cluster,
    configuration: () => configuration,
    ownNamespace: options.namespace,
    instance: options.identity,
    log,
    metrics,
  });
  const following = followSettings(
    options.config,
    (next) => {
      configuration = next;
      controller.resync();
    },
    log,
    metrics,
    signal,
  );
  const election = createLeaderElection({
    client: cluster.client,
    namespace: options.namespace,
    name: controllerLease,
    identity: options.identity,
    log,
    onStoppedLeading: () => metrics.add("leaderTransitions", { to: "following" }),
    onStartedLeading: async (leading) => {
      metrics.add("leaderTransitions", { to: "leading" });
      await Promise.all([controller.start(leading), keepCaBundle(cluster, options, log, leading)]);
    },
  });
  metrics.onScrape(() => metrics.set("leader", {}, election.leading ? 1 : 0));
  await Promise.all([election.run(signal), following]);
}

/** Makes the API server trust the authority of the webhook, again whenever somebody undid it. */
async function keepCaBundle(
  { client }: Cluster,
  options: ControllerOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const authority = await shareAuthority(client, options, log, signal);
      const bundle = Buffer.from(authority.certificate).toString("base64");
      const written = await writeCaBundle(client, bundle, signal);
      if (written.length > 0) log.info({ configurations: written }, "caBundle written");
    } catch (err) {
      if (!signal.aborted) log.error({ err }, "the caBundle could not be kept");
    }
    await delay(bundleEveryMs, undefined, { signal }).catch(() => {});
  }
}
