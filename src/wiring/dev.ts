import { isIP } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import { parseExclusion } from "../api/excluded.ts";
import { systemNamespace } from "../api/names.ts";
import {
  createDevelopmentCertificates,
  writeDevelopmentCertificates,
} from "../certificates/development.ts";
import type { DevOptions } from "../cli/options.ts";
import type { Configuration } from "../config/configuration.ts";
import { systemClock } from "../kube/clock.ts";
import { cacheAnchor } from "../registration/cacheanchor.ts";
import { registration } from "../registration/registration.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import { createHealthServer, type HealthServer } from "../server/health.ts";
import { type Cluster, connect, whenSynced, whoAmI } from "./cluster.ts";
import { createControllerSide } from "./controllerside.ts";
import { serveMetrics } from "./exposition.ts";
import { showWatch } from "./watchmetrics.ts";
import { whenInForce } from "./inforce.ts";
import { refuseForeign, register, unregister } from "./registrar.ts";
import { findServedApis, registrationOptions } from "./registrationoptions.ts";
import { followSettings, loadSettings } from "./settings.ts";
import { startWebhookSide } from "./webhookside.ts";

/** How long leaving may take: a cluster that does not answer must not hold the terminal. */
const leaveMs = 10_000;
/** A webhook that is no longer registered may still be called for this long. */
const quietMs = 250;

export type DevDeps = {
  readonly options: DevOptions & { readonly kubeconfig: string };
  readonly log: Logger;
  /** Folder for the certificates of this run. */
  readonly certificates: string;
  /** Called once the cluster is guarded. */
  readonly onGuarding: (guard: { readonly server: string; readonly url: string }) => void;
};

/** Guards a cluster from this machine until the signal aborts, then takes its registration back. */
export async function runDev(deps: DevDeps, signal: AbortSignal): Promise<void> {
  const { options, log } = deps;
  let configuration = await loadSettings(options.config, signal);
  const { kubeconfig, context } = options;
  await using cluster = await connect(
    { kubeconfig, ...(context === undefined ? {} : { context }) },
    log,
    signal,
  );
  const metrics = createMetrics(["webhook", "controller"]);
  await using health = createHealthServer(() => []);
  await showMetrics(health, metrics, cluster, options);
  await refuseForeign(cluster.client, signal);
  await whenSynced(cluster, signal);
  const certificates = await createDevelopmentCertificates(namesOf(options.advertise), new Date());
  await writeDevelopmentCertificates(deps.certificates, certificates);
  await using side = await startWebhookSide(
    {
      ...cluster,
      configuration,
      ownNamespace: systemNamespace,
      certificate: certificates.leaf,
      listen: options.listen,
      port: options.port,
      log,
      metrics,
    },
    signal,
  );
  const url = `https://${hostOf(options.advertise)}:${side.port}`;
  const controller = createControllerSide({
    ...cluster,
    configuration: () => configuration,
    ownNamespace: systemNamespace,
    instance: "dev",
    log,
    metrics,
  });
  const end = new AbortController();
  const isolating = controller.start(AbortSignal.any([signal, end.signal]));
  const caBundle = Buffer.from(certificates.authority).toString("base64");
  const guard = await createGuard(cluster, { url, caBundle }, log, signal);
  try {
    await guard(configuration, signal);
    const exclusion = parseExclusion(configuration.defaultDeny.excludedNamespaces);
    if (!(await whenInForce(cluster.client, exclusion, systemClock, signal))) {
      log.warn(
        { url },
        "the API server does not apply yet what was registered; can it reach this machine?",
      );
    }
    deps.onGuarding({ server: cluster.server, url });
    const accept = (next: Configuration): void => {
      // The file is read once more when it begins to be followed.
      if (isDeepStrictEqual(next, configuration)) return;
      configuration = next;
      side.reconfigure(next);
      controller.resync();
      guard(next, signal).catch((err: unknown) => log.error({ err }, "registration failed"));
    };
    await Promise.all([isolating, followSettings(options.config, accept, log, metrics, signal)]);
  } finally {
    end.abort();
    const leaving = AbortSignal.timeout(leaveMs);
    await unregister(cluster.client, log, leaving);
    await side.server.drain(quietMs, leaving);
  }
}

/** Whoever gives a port gets probes and metrics there, on this machine alone. */
async function showMetrics(
  health: HealthServer,
  metrics: Metrics,
  { namespaces, policies }: Cluster,
  { healthPort }: DevOptions,
): Promise<void> {
  showWatch(metrics, "namespaces", namespaces);
  showWatch(metrics, "default-deny-policies", policies);
  metrics.set("leader", {}, 1);
  serveMetrics(health, metrics);
  if (healthPort !== undefined) await health.start({ host: "127.0.0.1", port: healthPort });
}

/** Registers for a configuration; calls never overlap, the last one wins. */
async function createGuard(
  { client }: Cluster,
  place: { readonly url: string; readonly caBundle: string },
  log: Logger,
  signal: AbortSignal,
): Promise<(configuration: Configuration, signal: AbortSignal) => Promise<void>> {
  const servedApis = await findServedApis(client, signal);
  const controller = await whoAmI(client, signal);
  let turn: Promise<unknown> = Promise.resolve();
  return async (configuration, abort) => {
    const objects = registration(
      registrationOptions(configuration, servedApis, {
        endpoint: { url: place.url },
        caBundle: place.caBundle,
        ownNamespace: systemNamespace,
        controller,
        failurePolicy: "Fail",
      }),
    );
    const all = [...cacheAnchor(), ...objects];
    const mine = turn.then(() => register(client, all, log, abort));
    turn = mine.catch(() => {});
    await mine;
  };
}

function namesOf(advertise: string): { names: readonly string[]; addresses: readonly string[] } {
  const loopback = { names: ["localhost"], addresses: ["127.0.0.1"] };
  if (isIP(advertise) === 0) return { ...loopback, names: ["localhost", advertise] };
  return { ...loopback, addresses: ["127.0.0.1", advertise] };
}

function hostOf(advertise: string): string {
  return isIP(advertise) === 6 ? `[${advertise}]` : advertise;
}
