import { createIsolationController, type IsolationController } from "../isolation/controller.ts";
import { systemClock } from "../kube/clock.ts";
import { type ControllerSideDeps, createCompanionSide } from "./companionside.ts";
import { asSource, createReporter, createWriter } from "./isolationports.ts";

/** The controllers of deny-alls and their companions; every decision asks `configuration` again. */
export function createControllerSide(deps: ControllerSideDeps): IsolationController {
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
