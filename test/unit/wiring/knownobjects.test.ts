import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiError } from "../../../src/kube/apierror.ts";
import type { ListOptions, WatchOptions } from "../../../src/kube/client.ts";
import type { KubeObject } from "../../../src/kube/object.ts";
import type { WatchEvent } from "../../../src/kube/watch.ts";
import { createMetrics, type Metrics } from "../../../src/metrics/metrics.ts";
import { type KnownObjects, watchObjects } from "../../../src/wiring/knownobjects.ts";
import { ManualClock, settle } from "../kube/manualclock.ts";

const podsPath = "/api/v1/pods";
const servicesPath = "/api/v1/services";

function pod(name: string, app: string, containerPort = 8080): KubeObject {
  const metadata = { name, namespace: "shop", uid: name, resourceVersion: "1", labels: { app } };
  const containers = [{ name: "main", image: "i", ports: [{ name: "http", containerPort }] }];
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers }, status: { phase: "x" } };
}

function service(name: string, spec: object): KubeObject {
  const metadata = { name, namespace: "shop", uid: name, resourceVersion: "1" };
  return { apiVersion: "v1", kind: "Service", metadata, spec };
}

const web = service("web", {
  selector: { app: "web" },
  ports: [{ port: 80, targetPort: "http" }],
});
const headless = service("peers", { clusterIP: "None", selector: { app: "web" }, ports: [] });

const knownWeb = {
  labels: new Map([["app", "web"]]),
  ports: [{ name: "http", port: 8080, protocol: "TCP" }],
};
const knownService = {
  name: "web",
  selector: new Map([["app", "web"]]),
  ports: [{ protocol: "TCP", port: 80, targetPort: "http" }],
};

let stored: Map<string, readonly KubeObject[]>;
let withheld: Set<string>;
let asked: string[];
let watches: Map<string, (event: WatchEvent) => void>;
let clock: ManualClock;
let metrics: Metrics;
let known: KnownObjects;

/** An API server with two collections, either of which may be withheld. */
const client = {
  list: async <T>(path: string, { transform, fieldSelector, pageSize }: ListOptions<T>) => {
    asked.push(`${path} ${fieldSelector ?? ""} ${pageSize ?? ""}`);
    if (withheld.has(path)) throw new ApiError(`GET ${path}`, 403, {});
    return { items: (stored.get(path) ?? []).map(transform), resourceVersion: "1" };
  },
  watch: async (path: string, _options: WatchOptions, signal: AbortSignal) => {
    if (withheld.has(path)) throw new ApiError(`WATCH ${path}`, 403, {});
    const events: WatchEvent[] = [];
    let wake = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => wake.reject(signal.reason), { once: true });
    watches.set(path, (event) => {
      events.push(event);
      wake.resolve();
    });
    return (async function* follow() {
      for (;;) {
        await wake.promise;
        wake = Promise.withResolvers<void>();
        yield* events.splice(0);
      }
    })();
  },
};

beforeEach(() => {
  stored = new Map([
    [podsPath, [pod("web-1", "web"), pod("web-2", "web"), pod("db-0", "db", 5432)]],
    [servicesPath, [web, headless]],
  ]);
  withheld = new Set();
  asked = [];
  watches = new Map();
  clock = new ManualClock();
  metrics = createMetrics(["webhook"]);
});

afterEach(() => known[Symbol.asyncDispose]());

function start(): void {
  const log = pino({ level: "silent" });
  known = watchObjects(
    { client, clock, log, metrics, retryMs: 60_000 },
    new AbortController().signal,
  );
}

async function synced(): Promise<readonly string[]> {
  const { text } = await metrics.render();
  return text.split("\n").filter((line) => line.startsWith("ringfence_watch_synced"));
}

describe("what is known of pods and Services", () => {
  test("is nothing before the copies are whole, and then labels, selectors and ports", async () => {
    start();
    expect(known.now()).toEqual({});
    await settle();
    const { pods, services } = known.now();
    expect(pods?.get("shop")).toEqual([
      knownWeb,
      {
        labels: new Map([["app", "db"]]),
        ports: [{ name: "http", port: 5432, protocol: "TCP" }],
      },
    ]);
    expect(services).toEqual(new Map([["shop", [knownService]]]));
    expect(asked).toEqual([
      `${podsPath} status.phase!=Succeeded,status.phase!=Failed 100`,
      `${servicesPath}  100`,
    ]);
    expect(await synced()).toEqual([
      'ringfence_watch_synced{resource="pods"} 1',
      'ringfence_watch_synced{resource="services"} 1',
    ]);
  });

  test("follows what happens", async () => {
    start();
    await settle();
    const changed = pod("db-0", "web");
    const metadata = { ...changed.metadata, resourceVersion: "2" };
    watches.get(podsPath)?.({ type: "MODIFIED", object: { ...changed, metadata } });
    watches.get(servicesPath)?.({ type: "DELETED", object: web });
    await settle();
    const { pods, services } = known.now();
    expect(pods?.get("shop")).toEqual([knownWeb]);
    expect(services).toEqual(new Map());
  });

  test("is nothing of Services where the pods are withheld, until they are not any more", async () => {
    withheld.add(podsPath);
    start();
    await settle();
    expect(known.now()).toEqual({});
    expect(await synced()).toEqual([
      'ringfence_watch_synced{resource="pods"} 0',
      'ringfence_watch_synced{resource="services"} 1',
    ]);
    withheld.clear();
    await clock.advance(1000);
    expect(known.now()).toEqual({});
    // Nobody ends the watch of Services here; without a word it would be given up.
    watches.get(servicesPath)?.({ type: "ADDED", object: web });
    await clock.advance(60_000);
    expect(known.now().pods?.get("shop")).toHaveLength(2);
  });

  test("is the pods alone where Services are withheld", async () => {
    withheld.add(servicesPath);
    start();
    await settle();
    expect(Object.keys(known.now())).toEqual(["pods"]);
  });

  test("is nothing once the API server was not heard for half a minute", async () => {
    start();
    await settle();
    withheld.add(podsPath).add(servicesPath);
    await clock.advance(29_000);
    expect(Object.keys(known.now())).toEqual(["pods", "services"]);
    await clock.advance(2_000);
    expect(known.now()).toEqual({});
  });

  test("is shown as out of sight once nobody watches any more", async () => {
    start();
    await settle();
    await known[Symbol.asyncDispose]();
    expect(await synced()).toEqual([
      'ringfence_watch_synced{resource="pods"} 0',
      'ringfence_watch_synced{resource="services"} 0',
    ]);
  });
});
