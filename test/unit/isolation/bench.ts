import { createIsolationController } from "../../../src/isolation/controller.ts";
import type { ObjectMeta } from "../../../src/api/meta.ts";
import { WriteBudget } from "../../../src/isolation/budget.ts";
import type { IsolationEvent, Origin, Result } from "../../../src/isolation/ports.ts";
import type { IsolationSettings } from "../../../src/isolation/scope.ts";
import { createFakeClock } from "./fakeclock.ts";
import { epochMs, Simulation } from "./simulation.ts";

/** A controller in front of a simulated API server. */
export function createBench(changed: Partial<IsolationSettings> = {}) {
  const clock = createFakeClock();
  const api = new Simulation(clock);
  const events: IsolationEvent[] = [];
  const settings = {
    newNamespaces: "enabled",
    existingNamespaces: "audit",
    excludedNamespaces: [],
    ownNamespace: "ringfence-system",
    ...changed,
  } satisfies IsolationSettings as IsolationSettings;
  const bench = {
    clock,
    api,
    events,
    settings,
    /** By namespace. */
    pods: new Map<string, readonly ObjectMeta[] | "unreadable">(),
    /** Namespaces whose pods were looked at. */
    listed: Array.of<string>(),
    results: Array.of<Result>(),
    checks: Array.of<readonly [outcome: string, origin: Origin, pods: number]>(),
    enabledSince: undefined as number | undefined,
  };
  const controller = createIsolationController({
    namespaces: api.namespaces,
    policies: api.policies,
    pods: {
      list: async (namespace) => {
        bench.listed.push(namespace);
        const pods = bench.pods.get(namespace) ?? [];
        if (pods === "unreadable") throw new Error("the pods cannot be listed");
        return pods;
      },
    },
    writer: api.writer,
    meter: {
      reconciled: (result) => bench.results.push(result),
      checkedPods: (...check) => bench.checks.push(check),
    },
    date: () => new Date(epochMs + clock.now()),
    enabledSince: () => bench.enabledSince,
    reporter: { report: (event) => events.push(event) },
    clock,
    random: () => 1,
    settings: () => bench.settings,
    budget: new WriteBudget(16, clock),
  });
  let running: AbortController | undefined;

  function start(): Promise<void> {
    api.namespaces.relist();
    api.policies.relist();
    const abort = new AbortController();
    running = abort;
    return controller.start(abort.signal);
  }
  /** Lets so much time pass, with watches that are 1 ms behind. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed++) {
      api.namespaces.deliver(Infinity);
      api.policies.deliver(Infinity);
      await clock.advance(1);
    }
  }
  const stop = () => running?.abort();
  return Object.assign(bench, { controller, start, stop, pass });
}
