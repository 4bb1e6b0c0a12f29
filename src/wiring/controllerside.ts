import { WriteBudget } from "../isolation/budget.ts";
import {
  createIsolationController,
  type IsolationController,
  leisurelyWritesPerSecond,
} from "../isolation/controller.ts";
import { createdMs } from "../isolation/created.ts";
import { createSince } from "../isolation/since.ts";
import { systemClock } from "../kube/clock.ts";
import { createEventSender } from "../kube/events.ts";
import { createIsolationMetrics, showStatus } from "../metrics/isolation.ts";
import { type ControllerSideDeps, createCompanionSide } from "./companionside.ts";
import { asSource, createReporter, createWriter } from "./isolationports.ts";
import { createEventReporter } from "./eventreporter.ts";
import { createPodLister } from "./podlister.ts";
import { reportToAll } from "./reporting.ts";
import { createSinceStore } from "./sincestore.ts";

/** The controllers of deny-alls and their companions; every decision asks `configuration` again. */
export function createControllerSide(deps: ControllerSideDeps): IsolationController {
  const { client, log, metrics, namespaces, ownNamespace, instance } = deps;
  const settings = () => ({ ...deps.configuration().defaultDeny, ownNamespace });
  const budget = new WriteBudget(leisurelyWritesPerSecond, systemClock);
  const companions = createCompanionSide(deps, budget);
  const since = createSince({
    store: createSinceStore(client, ownNamespace),
    newNamespaces: () => settings().newNamespaces,
    nowMs: () => latest(deps),
    onChange: () => isolation.resync(),
    onError: (err) => log.info({ err }, "since when new namespaces are isolated is not recorded"),
    clock: systemClock,
  });
  const events = createEventSender({
    client,
    controller: "ringfence.dev/controller",
    instance,
    log,
    onOutcome: (outcome) => metrics.add("kubernetesEvents", { outcome }),
  });
  const counts = createIsolationMetrics(metrics);
  const told = createEventReporter({
    send: events.send,
    uidOf: (namespace) => namespaces.get(namespace)?.metadata.uid,
    ownNamespace,
  });
  const isolation = createIsolationController({
    namespaces: asSource(namespaces),
    policies: asSource(deps.policies),
    pods: createPodLister(client),
    writer: createWriter(client),
    reporter: reportToAll(createReporter(log), counts, told),
    meter: counts,
    clock: systemClock,
    date: systemClock.date,
    budget,
    random: Math.random,
    settings,
    enabledSince: since.current,
  });
  showStatus(metrics, () => isolation.status());
  return {
    start: async (signal) => {
      const beside = [since.start(signal), events.start(signal)];
      await Promise.all([isolation.start(signal), companions.start(signal), ...beside]);
    },
    status: () => isolation.status(),
    resync: () => {
      since.ask();
      isolation.resync();
      companions.resync();
    },
  };
}

/** Now, and not before any namespace that exists: clocks differ. */
function latest({ namespaces }: ControllerSideDeps): number {
  let nowMs = Date.now();
  for (const { metadata } of namespaces.list()) {
    nowMs = Math.max(nowMs, createdMs(metadata) ?? 0);
  }
  return nowMs;
}
