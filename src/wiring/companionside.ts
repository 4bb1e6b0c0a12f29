import type { Logger } from "pino";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Configuration } from "../config/configuration.ts";
import type { WriteBudget } from "../isolation/budget.ts";
import { createCompanionController } from "../isolation/dns/controller.ts";
import { createJudge } from "../isolation/dns/verdict.ts";
import type { KubeClient } from "../kube/client.ts";
import { systemClock } from "../kube/clock.ts";
import type { Reflector } from "../kube/reflector.ts";
import { createCompanionMetrics } from "../metrics/isolation.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { createCompanionReporter } from "./companionreporter.ts";
import { watchDNS } from "./dnssource.ts";
import { asSource, createWriter } from "./isolationports.ts";
import { watchCompanions } from "./reflectors.ts";
import { reportToAll } from "./reporting.ts";
import { showWatch } from "./watchmetrics.ts";

/** What both controllers are made of. */
export type ControllerSideDeps = {
  readonly client: KubeClient;
  readonly namespaces: Reflector<Namespace>;
  readonly policies: Reflector<NetworkPolicy>;
  readonly configuration: () => Configuration;
  readonly ownNamespace: string;
  /** Which of the replicas this is. */
  readonly instance: string;
  readonly log: Logger;
  readonly metrics: Metrics;
};

export type CompanionSide = {
  /** Keeps DNS open for isolated namespaces until the signal aborts; never rejects. */
  readonly start: (signal: AbortSignal) => Promise<void>;
  readonly resync: () => void;
};

/**
 * The controller of the DNS companions with what it watches. Only a leader watches it: a new one
 * reads it anew, because nothing that matters waits for it.
 */
export function createCompanionSide(deps: ControllerSideDeps, budget: WriteBudget): CompanionSide {
  const { client, log, metrics, ownNamespace } = deps;
  let resync: (() => void) | undefined;

  async function run(signal: AbortSignal): Promise<void> {
    await using companions = watchCompanions(client, log);
    await using dns = watchDNS({ client, clock: systemClock, log, metrics });
    signal.addEventListener("abort", showWatch(metrics, "allow-dns-policies", companions), {
      once: true,
    });
    companions.start(signal);
    await companions.whenSynced(signal);
    const controller = createCompanionController({
      namespaces: asSource(deps.namespaces),
      denyAlls: asSource(deps.policies),
      companions: asSource(companions),
      dns,
      judge: createJudge(),
      writer: createWriter(client),
      reporter: reportToAll(createCompanionReporter(log), createCompanionMetrics(metrics)),
      clock: systemClock,
      budget,
      random: Math.random,
      settings: () => ({ ...deps.configuration().defaultDeny, ownNamespace }),
    });
    resync = () => controller.resync();
    const reading = dns.start(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    await Promise.all([controller.start(signal), reading]);
  }

  return {
    resync: () => resync?.(),
    start: (signal) =>
      run(signal)
        .catch((err: unknown) => {
          // Isolation goes on: without companions a namespace is closed more than it needs to be.
          if (!signal.aborted) log.error({ err }, "DNS is not kept open any more");
        })
        .finally(() => (resync = undefined)),
  };
}
