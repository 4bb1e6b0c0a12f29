import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ObjectMeta } from "../../src/api/meta.ts";
import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { loadConnection } from "../../src/kube/connection.ts";
import { servedResources, serverVersion } from "../../src/kube/discovery.ts";
import { createLeaderElection } from "../../src/kube/lease.ts";
import {
  collectionPath,
  leases,
  namespaces,
  networkPolicies,
  objectPath,
} from "../../src/kube/path.ts";
import { Reflector } from "../../src/kube/reflector.ts";
import { isOlder, versionNow } from "../../src/kube/version.ts";
import type { WatchEvent } from "../../src/kube/watch.ts";
import { sharedControlPlane, startOwnControlPlane } from "../support/controlplane.ts";
import { createNamespace, kubectlOk } from "../support/kubectl.ts";

const log = pino({ level: "silent" });
const { signal } = new AbortController();
let client: KubeClient;
let namespace = "";

beforeAll(async () => {
  client = await connect(sharedControlPlane().kubeconfig);
  namespace = await createNamespace("kube");
});

afterAll(async () => {
  await client[Symbol.asyncDispose]();
});

async function connect(kubeconfig: string): Promise<KubeClient> {
  return new KubeClient(await loadConnection({ kubeconfig }, signal));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    // oxlint-disable-next-line no-await-in-loop -- polling, bounded by the test's time limit
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function policy(name: string): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: {
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: "b" } } }] }],
    },
  };
}

function versionOf({ metadata }: { readonly metadata?: ObjectMeta }): number {
  return Number(metadata?.resourceVersion);
}

test("a quiet watch is told how far the history is before its time is over", async () => {
  const path = collectionPath(networkPolicies, namespace);
  const { resourceVersion } = await client.list(path, { transform: (object) => object }, signal);
  const elsewhere = await createNamespace("elsewhere");
  const other = { ...policy("p"), metadata: { name: "p", namespace: elsewhere } };
  const options = { resourceVersion, timeoutSeconds: 6 };
  const events = await client.watch(path, options, signal);
  const made = await client.create(collectionPath(networkPolicies, elsewhere), other, {}, signal);
  const heard: WatchEvent[] = [];
  for await (const event of events) heard.push(event);
  expect(new Set(heard.map(({ type }) => type))).toEqual(new Set(["BOOKMARK"]));
  expect(versionOf(heard.at(-1)?.object ?? {})).toBeGreaterThanOrEqual(versionOf(made));
});

test("a watch from a version that is yet to come is accepted and hears nothing", async () => {
  const path = collectionPath(networkPolicies, namespace);
  const before = await versionNow(client, { path }, signal);
  const resourceVersion = String(Number(before) + 1_000_000);
  const events = await client.watch(path, { resourceVersion, timeoutSeconds: 4 }, signal);
  const past = { ...policy("past"), metadata: { name: "past", namespace } };
  const made = await client.create(path, past, {}, signal);
  const heard: WatchEvent[] = [];
  for await (const event of events) heard.push(event);
  expect(heard).toEqual([]);
  const now = await versionNow(client, { path }, signal);
  expect(Number(now)).toBeGreaterThanOrEqual(versionOf(made));
  expect(isOlder(before, now)).toBe(true);
  await client.delete(objectPath(networkPolicies, "past", namespace), {}, signal);
});

test("every kind of write leaves ingress[].from as it was", async () => {
  const collection = collectionPath(networkPolicies, namespace);
  const path = objectPath(networkPolicies, "p", namespace);
  const wanted = policy("p");
  const spec = wanted.spec ?? {};
  const answers = [
    await client.create(collection, wanted, {}, signal),
    await client.apply(path, wanted, {}, signal),
    await client.patch<NetworkPolicy>(path, { spec }, {}, signal),
    await client.patch<NetworkPolicy>(
      path,
      [{ op: "replace", path: "/spec/ingress", value: spec.ingress }],
      {},
      signal,
    ),
    await client.replace(path, wanted, {}, signal),
  ];
  for (const answer of answers) expect(answer.spec).toEqual(spec);
  const shown = await kubectlOk(["get", "networkpolicy", "p", "-n", namespace, "-o", "json"]);
  expect(JSON.parse(shown)).toMatchObject({ spec });
  expect(await client.delete(path, {}, signal)).toBe(true);
  expect(await client.delete(path, {}, signal)).toBe(false);
});

test("refusals say what the server says", async () => {
  const lost = { ...policy("p"), metadata: { name: "p" } };
  const path = objectPath(networkPolicies, "p", "no-such-namespace");
  await expect(client.apply(path, lost, {}, signal)).rejects.toMatchObject({
    name: "ApiError",
    status: 404,
    reason: "NotFound",
  });
  const invalid = { ...policy("q"), spec: { podSelector: { matchLabels: { "a b": "c" } } } };
  const collection = collectionPath(networkPolicies, namespace);
  const refused = client.create<object>(collection, invalid, {}, signal);
  await expect(refused).rejects.toMatchObject({
    status: 422,
    reason: "Invalid",
    causes: [{ reason: "FieldValueInvalid", field: "spec.podSelector.matchLabels" }],
  });
});

test("discovery and version are read", async () => {
  const served = await servedResources(client, "networking.k8s.io/v1", signal);
  expect(served.map(({ name }) => name)).toContain("networkpolicies");
  expect(await servedResources(client, "nobody.example/v1", signal)).toEqual([]);
  const { gitVersion, minor } = await serverVersion(client, signal);
  expect(gitVersion).toContain(`v1.${minor}.`);
});

test("a reflector lists in pages, watches, and sees a re-created object as another one", async () => {
  const seen: string[] = [];
  const path = collectionPath(networkPolicies, namespace);
  const names = Array.from({ length: 620 }, (_unused, index) => `page-${index}`);
  await Promise.all(
    names.map((name) =>
      client.apply(objectPath(networkPolicies, name, namespace), policy(name), {}, signal),
    ),
  );
  await using reflector = new Reflector({
    client,
    resource: { path },
    transform: ({ metadata, kind }) => ({ kind, uid: metadata.uid }),
    log,
  });
  reflector.subscribe(({ type, key, object, initial }) => {
    if (!initial) seen.push(`${type} ${key} ${object.kind}`);
  });
  reflector.start(signal);
  await reflector.whenSynced(signal);
  expect(reflector.list()).toHaveLength(620);
  expect(reflector.get(`${namespace}/page-0`)?.kind).toBe("NetworkPolicy");
  const fresh = objectPath(networkPolicies, "fresh", namespace);
  for (const step of ["create", "delete", "create"])
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await (step === "create"
      ? client.apply(fresh, policy("fresh"), {}, signal)
      : client.delete(fresh, {}, signal));
  await until(() => seen.length === 3);
  const key = `${namespace}/fresh NetworkPolicy`;
  expect(seen).toEqual([`added ${key}`, `deleted ${key}`, `added ${key}`]);
});

test("a killed API server is found again, with what happened meanwhile", async () => {
  const own = await startOwnControlPlane({}, signal);
  try {
    await using other = await connect(own.kubeconfig);
    await using reflector = new Reflector({
      client: other,
      resource: { path: collectionPath(namespaces) },
      transform: ({ metadata }) => metadata.name,
      log,
    });
    reflector.start(signal);
    await reflector.whenSynced(signal);
    await own.killApiServer();
    await own.startApiServer(signal);
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: "meanwhile" } };
    await other.apply(objectPath(namespaces, "meanwhile"), object, {}, signal);
    await until(() => reflector.get("meanwhile") !== undefined);
    expect(reflector.list()).toContain("default");
  } finally {
    await own.stop();
  }
});

test("of two contenders for a lease one leads, and the other when it steps down", async () => {
  const first = new AbortController();
  const second = new AbortController();
  const events: string[] = [];
  const elect = (identity: string) =>
    createLeaderElection({
      client,
      namespace,
      name: "leader",
      identity,
      log,
      timing: { leaseMs: 3000, renewMs: 2000, retryMs: 200 },
      onStartedLeading: () => void events.push(`${identity} leads`),
      onStoppedLeading: () => void events.push(`${identity} stopped`),
    });
  const a = elect("a");
  const b = elect("b");
  const runs = [a.run(first.signal)];
  await until(() => a.leading);
  runs.push(b.run(second.signal));
  await until(() => b.holder === "a");
  first.abort();
  await until(() => b.leading);
  expect(a.leading).toBe(false);
  const lease = await client.get(objectPath(leases, "leader", namespace), signal);
  expect(lease).toMatchObject({ spec: { holderIdentity: "b", leaseTransitions: 1 } });
  second.abort();
  await Promise.all(runs);
  expect(events).toEqual(["a leads", "a stopped", "b leads", "b stopped"]);
});
