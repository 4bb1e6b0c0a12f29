import { createIsolationController, type IsolationController } from "../isolation/controller.ts";
import { createdMs } from "../isolation/created.ts";
import { createSince } from "../isolation/since.ts";
import { systemClock } from "../kube/clock.ts";
import { type ControllerSideDeps, createCompanionSide } from "./companionside.ts";
import { asSource, createReporter, createWriter } from "./isolationports.ts";
import { createPodLister } from "./podlister.ts";
import { createSinceStore } from "./sincestore.ts";

/** The controllers of deny-alls and their companions; every decision asks `configuration` again. */
export function createControllerSide(deps: ControllerSideDeps): IsolationController {
  const { client, log, ownNamespace } = deps;
  const settings = () => ({ ...deps.configuration().defaultDeny, ownNamespace });
  const companions = createCompanionSide(deps);
  const since = createSince({
    store: createSinceStore(client, ownNamespace),
    newNamespaces: () => settings().newNamespaces,
    nowMs: () => latest(deps),
    onChange: () => isolation.resync(),
    onError: (err) => log.info({ err }, "since when new namespaces are isolated is not recorded"),
    clock: systemClock,
  });
  const isolation = createIsolationController({
    namespaces: asSource(deps.namespaces),
    policies: asSource(deps.policies),
    pods: createPodLister(client),
    writer: createWriter(client),
    reporter: createReporter(log),
    meter: { reconciled: () => undefined, checkedPods: () => undefined },
    clock: systemClock,
    date: systemClock.date,
    random: Math.random,
    settings,
    enabledSince: since.current,
  });
  return {
    start: async (signal) => {
      const recording = since.start(signal);
      await Promise.all([isolation.start(signal), companions.start(signal), recording]);
    },
    resync: () => {
      since.ask();
      isolation.resync();
      companions.resync();
    },
    status: () => isolation.status(),
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
