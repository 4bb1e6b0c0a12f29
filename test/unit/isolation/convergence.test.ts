import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lookup } from "../../../src/api/meta.ts";
import {
  defaultDenyLabel,
  defaultDenyPolicy,
  defaultDenyValues,
  isolationLabel,
} from "../../../src/api/names.ts";
import { createIsolationController } from "../../../src/isolation/controller.ts";
import { managedByLabel } from "../../../src/isolation/desired.ts";
import { isolates } from "../../../src/isolation/isolates.ts";
import type { IsolationSettings } from "../../../src/isolation/scope.ts";
import { createFakeClock, type FakeClock } from "./fakeclock.ts";
import { denyLabels, epochMs, type Fault, Simulation } from "./simulation.ts";

const scoped = ["a", "b"];
const excluded = ["kube-system", "skip-1"];
const open = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [] };
const closed = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

type Action = {
  readonly name: string;
  readonly run: (api: Simulation, clock: FakeClock) => unknown;
};

const namespace = fc.constantFrom(...scoped, ...scoped, ...excluded);
const label = fc.constantFrom("enabled", "enabled", "audit", "disabled", "on", undefined);

function action(name: string, run: Action["run"]): Action {
  return { name, run };
}

const actions: fc.Arbitrary<Action> = fc.oneof(
  fc
    .tuple(namespace, label)
    .map(([ns, value]) =>
      action(`create ${ns} ${value}`, (api) => api.createNamespace(ns, denyLabels(value))),
    ),
  namespace.map((ns) =>
    action(`create ${ns} marked`, (api) =>
      api.createNamespace(ns, { ...denyLabels("enabled"), [isolationLabel]: "pending" }),
    ),
  ),
  namespace.map((ns) => action(`delete ${ns}`, (api) => api.deleteNamespace(ns))),
  namespace.map((ns) => action(`finish ${ns}`, (api) => api.finishDeletion(ns))),
  namespace.map((ns) =>
    action(`recreate ${ns}`, (api) => {
      api.deleteNamespace(ns);
      api.finishDeletion(ns);
      api.createNamespace(ns, { ...denyLabels("enabled"), [isolationLabel]: "pending" });
    }),
  ),
  fc
    .tuple(namespace, label)
    .map(([ns, value]) =>
      action(`label ${ns} ${value}`, (api) => api.relabel(ns, { [defaultDenyLabel]: value })),
    ),
  fc
    .tuple(namespace, fc.constantFrom("ready", "pending", undefined))
    .map(([ns, value]) =>
      action(`forge ${ns} ${value}`, (api) => api.relabel(ns, { [isolationLabel]: value })),
    ),
  namespace.map((ns) => action(`open ${ns}`, (api) => api.putPolicy(ns, open))),
  namespace.map((ns) => action(`bring ${ns}`, (api) => api.putPolicy(ns, closed))),
  namespace.map((ns) => action(`unprotect ${ns}`, (api) => api.deletePolicy(ns))),
  fc
    .integer({ min: 1, max: 4 })
    .map((count) => action(`namespaces ${count}`, (api) => api.namespaces.deliver(count))),
  fc
    .integer({ min: 1, max: 4 })
    .map((count) => action(`policies ${count}`, (api) => api.policies.deliver(count))),
  namespace.map((ns) =>
    action(`lose ${ns}`, (api) => {
      api.deletePolicy(ns);
      api.policies.relist();
    }),
  ),
  fc.constant(action("relist namespaces", (api) => api.namespaces.relist())),
  fc.constant(action("relist policies", (api) => api.policies.relist())),
  fc
    .constantFrom(0, 1, 4, 20, 500, 11_000)
    .map((ms) => action(`wait ${ms}`, (_, clock) => clock.advance(ms))),
  fc
    .constantFrom<Fault>("before", "after", "retry-after")
    .map((fault) => action(`fault ${fault}`, (api) => api.faults.push(fault))),
);

const settings: fc.Arbitrary<IsolationSettings> = fc.record({
  newNamespaces: fc.constantFrom("enabled", "enabled", ...defaultDenyValues),
  existingNamespaces: fc.constantFrom(...defaultDenyValues),
  excludedNamespaces: fc.constant(["skip-*"]),
  ownNamespace: fc.constant("ringfence-system"),
});

/** Delivers everything and lets all pauses pass, until nothing is left to do. */
async function settle(api: Simulation, clock: FakeClock): Promise<void> {
  for (let round = 0; round < 40; round++) {
    api.namespaces.deliver(Infinity);
    api.policies.deliver(Infinity);
    await clock.advance(round < 30 ? 50 : 61_000);
  }
}

function problems(api: Simulation, existing: ReadonlySet<string>, config: IsolationSettings) {
  const found: string[] = [];
  for (const [name, { metadata }] of api.namespaces.stored) {
    if (excluded.includes(name) || metadata.deletionTimestamp) continue;
    const { newNamespaces, existingNamespaces } = config;
    const fallback = existing.has(metadata.uid ?? "") ? existingNamespaces : newNamespaces;
    const wanted = lookup(metadata.labels, defaultDenyLabel) ?? fallback;
    const isolation = lookup(metadata.labels, isolationLabel);
    const policy = api.policies.stored.get(`${name}/${defaultDenyPolicy}`);
    if (wanted === "audit" || wanted === "disabled") {
      if (isolation !== undefined) found.push(`${name} is ${wanted} but says ${isolation}`);
      continue;
    }
    if (!policy || !isolates(policy)) found.push(`${name} is open`);
    if (lookup(policy?.metadata?.labels, managedByLabel) !== "ringfence") {
      found.push(`${name} has a policy that is not ours`);
    }
    if (lookup(metadata.labels, defaultDenyLabel) !== "enabled") found.push(`${name} is unmarked`);
    if (isolation !== "ready") found.push(`${name} is not ready`);
  }
  return found;
}

test("whatever happens in whatever order, every enabled namespace ends isolated and ready, and then there is silence", async () => {
  await fc.assert(
    fc.asyncProperty(
      settings,
      fc.array(fc.tuple(namespace, label), { maxLength: 3 }),
      fc.array(actions, { maxLength: 40 }),
      async (config, before, script) => {
        const clock = createFakeClock();
        const api = new Simulation(clock);
        for (const [name, value] of before) api.createNamespace(name, denyLabels(value));
        api.namespaces.relist();
        const existing = new Set([...api.namespaces.list()].map((ns) => ns.metadata.uid ?? ""));
        const abort = new AbortController();
        const { namespaces, policies, writer } = api;
        const controller = createIsolationController({
          namespaces,
          policies,
          writer,
          clock,
          reporter: { report: () => undefined },
          pods: { list: async () => [] },
          meter: { reconciled: () => undefined, checkedPods: () => undefined },
          date: () => new Date(epochMs + clock.now()),
          enabledSince: () => undefined,
          random: () => 0.5,
          settings: () => config,
        });
        const ended = controller.start(abort.signal);
        for (const { run } of script) await run(api, clock);
        api.faults.length = 0;
        await settle(api, clock);

        expect(problems(api, existing, config)).toEqual([]);
        expect(api.offences).toEqual([]);
        expect(api.writes.filter((write) => excluded.includes(write.split(" ")[1] ?? ""))).toEqual(
          [],
        );
        const writes = api.writes.length;
        controller.resync();
        await settle(api, clock);
        expect(api.writes.slice(writes)).toEqual([]);

        abort.abort();
        await ended;
        expect(clock.sleeping()).toBe(0);
      },
    ),
    { numRuns: 400 },
  );
});
