import { allowDNSPolicy, defaultDenyPolicy } from "../../../../src/api/names.ts";
import type { Namespace } from "../../../../src/api/namespace.ts";
import type { EgressRule, NetworkPolicy } from "../../../../src/api/networkpolicy.ts";
import { desiredPolicy } from "../../../../src/isolation/desired.ts";
import { WriteBudget } from "../../../../src/isolation/budget.ts";
import { createCompanionController } from "../../../../src/isolation/dns/controller.ts";
import type { Finding } from "../../../../src/isolation/dns/discovery.ts";
import type { CompanionEvent } from "../../../../src/isolation/dns/ports.ts";
import { createJudge } from "../../../../src/isolation/dns/verdict.ts";
import type { Written } from "../../../../src/isolation/ports.ts";
import { createFakeClock } from "../fakeclock.ts";
import { Watched } from "../watched.ts";

const ready = { "ringfence.dev/default-deny": "enabled", "ringfence.dev/isolation": "ready" };

/** A controller of companions in front of an API server whose watches are 1 ms behind. */
export function createBench(finding: Finding) {
  const clock = createFakeClock();
  const namespaces = new Watched<Namespace>();
  const denyAlls = new Watched<NetworkPolicy>();
  const companions = new Watched<NetworkPolicy>();
  const events: CompanionEvent[] = [];
  const writes: string[] = [];
  const listeners = new Set<() => void>();
  const settings = {
    newNamespaces: "enabled",
    existingNamespaces: "audit",
    excludedNamespaces: [],
    ownNamespace: "ringfence-system",
    allowDNS: "auto" as "auto" | "disabled",
  } as const;
  const bench = { clock, namespaces, companions, events, writes, finding, settings, failing: 0 };
  let revision = 0;
  const next = () => String((revision += 1));

  /** Stores the policy as server-side apply does: the uid stays. */
  function put(policy: NetworkPolicy): NetworkPolicy {
    const { name = "", namespace = "" } = policy.metadata ?? {};
    const key = `${namespace}/${name}`;
    const store = name === allowDNSPolicy ? companions : denyAlls;
    const resourceVersion = next();
    const uid = store.stored.get(key)?.metadata?.uid ?? `${key}@${resourceVersion}`;
    const object = { ...policy, metadata: { ...policy.metadata, uid, resourceVersion } };
    store.put(key, object);
    return object;
  }

  async function applyPolicy(policy: NetworkPolicy): Promise<Written<NetworkPolicy>> {
    const namespace = policy.metadata?.namespace ?? "";
    writes.push(`${namespace} ${(policy.spec?.egress ?? []).length}`);
    if (bench.failing > 0) {
      bench.failing -= 1;
      throw new Error("the webhook cannot be reached");
    }
    if (!namespaces.stored.has(namespace)) return { outcome: "gone" };
    return { outcome: "written", object: put(policy) };
  }

  const budget = new WriteBudget(25, clock);
  const controller = createCompanionController({
    namespaces,
    denyAlls,
    companions,
    dns: {
      read: () => bench.finding,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    judge: createJudge(),
    writer: { applyPolicy },
    reporter: { report: (event) => events.push(event) },
    clock,
    budget,
    random: () => 1,
    settings: () => bench.settings,
  });

  let running: AbortController | undefined;
  return Object.assign(bench, {
    budget,
    resync: () => controller.resync(),
    start: (): Promise<void> => {
      for (const watched of [namespaces, denyAlls, companions]) watched.relist();
      const abort = new AbortController();
      running = abort;
      return controller.start(abort.signal);
    },
    stop: () => running?.abort(),
    /** Lets so much time pass. */
    pass: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 10) {
        for (const watched of [namespaces, denyAlls, companions]) watched.deliver(Infinity);
        await clock.advance(10);
      }
    },
    /** A namespace as the controller of the deny-alls leaves it. */
    isolate: (name: string) => {
      put(desiredPolicy(name));
      const resourceVersion = next();
      const metadata = { name, uid: `${name}@${resourceVersion}`, resourceVersion, labels: ready };
      namespaces.put(name, { metadata });
    },
    /** A namespace as it was before there was any Ringfence. */
    exist: (name: string) => {
      const resourceVersion = next();
      namespaces.put(name, { metadata: { name, uid: `${name}@`, resourceVersion } });
    },
    /** What the backfill makes of it. */
    backfill: (name: string) => {
      put(desiredPolicy(name));
      const metadata = { name, uid: `${name}@`, resourceVersion: next(), labels: ready };
      namespaces.put(name, { metadata });
    },
    /** A namespace that has its labels and not yet its deny-all. */
    label: (name: string) => {
      const resourceVersion = next();
      const metadata = { name, uid: `${name}@${resourceVersion}`, resourceVersion, labels: ready };
      namespaces.put(name, { metadata });
    },
    denyAll: (name: string) => put(desiredPolicy(name)),
    remove: (name: string, policy = allowDNSPolicy) => {
      const store = policy === defaultDenyPolicy ? denyAlls : companions;
      const key = `${name}/${policy}`;
      const old = store.stored.get(key);
      const metadata = { ...old?.metadata, resourceVersion: next() };
      if (old) store.remove(key, { ...old, metadata });
    },
    put,
    find: (changed: Finding) => {
      bench.finding = changed;
      for (const listener of listeners) listener();
    },
    stored: (name: string): readonly (EgressRule | null)[] | null | undefined =>
      companions.stored.get(`${name}/${allowDNSPolicy}`)?.spec?.egress,
  });
}
