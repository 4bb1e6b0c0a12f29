import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { issueLeaf } from "../certificates/issue.ts";
import type { WebhookOptions } from "../cli/options.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { createHealthServer, type HealthCheck } from "../server/health.ts";
import { trusts, readCaBundle } from "./cabundle.ts";
import { connect, whenSynced } from "./cluster.ts";
import { serveMetrics } from "./exposition.ts";
import { type Environment, inClusterConnection, shareAuthority } from "./incluster.ts";
import { followSettings, loadSettings } from "./settings.ts";
import { showWatch } from "./watchmetrics.ts";
import { startWebhookSide } from "./webhookside.ts";

/** Endpoints need some seconds to forget a pod; until then it goes on deciding. */
const quietMs = 5_000;
const drainMs = 20_000;
const trustEveryMs = 10_000;

export type WebhookDeps = {
  readonly options: WebhookOptions;
  readonly environment: Environment;
  readonly log: Logger;
};

/** One replica of the webhook, until the signal aborts; then it drains. */
export async function runWebhook(deps: WebhookDeps, signal: AbortSignal): Promise<void> {
  const { options, log } = deps;
  const missing = new Map<string, string>([
    ["configuration", "not loaded"],
    ["caches", "not synced"],
    ["certificate", "not serving"],
    ["ca-bundle", "not looked at yet"],
    ["draining", ""],
  ]);
  const checks = (): readonly HealthCheck[] =>
    Array.from(missing, ([name, text]) => ({ name, check: () => text || undefined }));
  const metrics = createMetrics(["webhook"]);
  await using health = createHealthServer(checks);
  serveMetrics(health, metrics);
  await health.start({ port: options.healthPort });

  const configuration = await loadSettings(options.config, signal);
  missing.set("configuration", "");
  // Watches and the client outlive the signal: while draining, verdicts still need them.
  const life = new AbortController();
  try {
    await using cluster = await connect(
      inClusterConnection(options, deps.environment),
      log,
      life.signal,
    );
    showWatch(metrics, "namespaces", cluster.namespaces);
    showWatch(metrics, "default-deny-policies", cluster.policies);
    const authority = await shareAuthority(cluster.client, options, log, signal);
    await whenSynced(cluster, signal);
    missing.set("caches", "");
    const { service, namespace } = options;
    const names = [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`];
    await using side = await startWebhookSide(
      {
        ...cluster,
        configuration,
        ownNamespace: namespace,
        certificate: await issueLeaf(authority, { names }, new Date()),
        listen: options.listen,
        port: options.port,
        log,
        metrics,
      },
      life.signal,
    );
    missing.set("certificate", "");
    log.info({ port: side.port }, "webhook serves");
    void followSettings(options.config, side.reconfigure, log, metrics, signal);
    await watchTrust();
    missing.set("draining", "the replica is leaving");
    await side.server.drain(quietMs, AbortSignal.timeout(drainMs));

    /** Ready only while the API server would believe our certificate. */
    async function watchTrust(): Promise<void> {
      while (!signal.aborted) {
        const bundle = await readCaBundle(cluster.client, signal).catch(() => undefined);
        // A failing read proves nothing: what was known stays.
        if (bundle !== undefined) missing.set("ca-bundle", trusts(bundle, authority.certificate));
        const wait = missing.get("ca-bundle") === "" ? trustEveryMs : 1_000;
        await delay(wait, undefined, { signal }).catch(() => {});
      }
    }
  } finally {
    life.abort();
  }
}
