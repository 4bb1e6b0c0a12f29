import type { Logger } from "pino";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Configuration } from "../config/configuration.ts";
import { createIsolationController, type IsolationController } from "../isolation/controller.ts";
import type { KubeClient } from "../kube/client.ts";
import { systemClock } from "../kube/clock.ts";
import type { Reflector } from "../kube/reflector.ts";
import { createCompanionSide } from "./companionside.ts";
import { asSource, createReporter, createWriter } from "./isolationports.ts";

/** The controllers of deny-alls and their companions; every decision asks `configuration` again. */
export function createControllerSide(deps: {
  readonly client: KubeClient;
  readonly namespaces: Reflector<Namespace>;
  readonly policies: Reflector<NetworkPolicy>;
  readonly configuration: () => Configuration;
  readonly ownNamespace: string;
  readonly log: Logger;
}): IsolationController {
  const { ownNamespace } = deps;
  const companions = createCompanionSide(deps);
  const isolation = createIsolationController({
    namespaces: asSource(deps.namespaces),
    policies: asSource(deps.policies),
    writer: createWriter(deps.client),
    reporter: createReporter(deps.log),
    clock: systemClock,
    random: Math.random,
    settings: () => ({ ...deps.configuration().defaultDeny, ownNamespace }),
  });
  return {
    start: async (signal) => {
      await Promise.all([isolation.start(signal), companions.start(signal)]);
    },
    resync: () => {
      isolation.resync();
      companions.resync();
    },
  };
}
