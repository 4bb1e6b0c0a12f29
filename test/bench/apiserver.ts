// What Ringfence adds to the creation of a NetworkPolicy, through a real API server: beside no
// webhook and beside a CEL policy of one line, all three in turns in the same run.
import { pino } from "pino";
import type { Assets } from "../../src/controlplane/assets.ts";
import { type ControlPlane, startControlPlane } from "../../src/controlplane/start.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { loadConnection } from "../../src/kube/connection.ts";
import { collectionPath, networkPolicies, objectPath } from "../../src/kube/path.ts";
import { testUsers } from "../support/controlplane.ts";
import { type Ringfence, startRingfence } from "../support/ringfence.ts";
import { applyComparison, removeComparison } from "./comparison.ts";
import { median, printTable, quantile, round } from "./figures.ts";
import { goodSpec } from "./reviews.ts";

const rounds = 4;
const perRound = 150;
/** Each round starts Ringfence anew: what is measured is a process that has run for a while. */
const warmUp = 500;
const pacedPerSecond = 100;
const pacedPerRound = 200;
const variants = ["no webhook", "CEL policy", "ringfence"] as const;
type Variant = (typeof variants)[number];

export async function benchApiServer(assets: Assets): Promise<unknown> {
  const signal = new AbortController().signal;
  const log = pino({ level: "silent" });
  const controlPlane = await startControlPlane({ assets, log, users: testUsers }, signal);
  try {
    const connection = await loadConnection({ kubeconfig: controlPlane.kubeconfig }, signal);
    await using client = new KubeClient(connection);
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
    await client.create("/api/v1/namespaces", namespace, {}, signal);
    const single = new Map<Variant, number[]>(variants.map((name) => [name, []]));
    const paced = new Map<Variant, number[]>(variants.map((name) => [name, []]));
    for (let index = 0; index < rounds; index++) {
      for (const variant of variants) {
        const end = await begin(variant, client, controlPlane, signal);
        await createMany(client, warmUp, signal);
        single.get(variant)?.push(...(await createMany(client, perRound, signal)));
        paced.get(variant)?.push(...(await createPaced(client, signal)));
        await end();
      }
    }
    const rows = [single, paced].flatMap((samples, index) => {
      const base = samples.get("no webhook") ?? [];
      return variants.map((variant) => {
        const sample = samples.get(variant) ?? [];
        return {
          load: index === 0 ? "one at a time" : `${pacedPerSecond}/s`,
          variant,
          "p50 ms": round(median(sample)),
          "added ms": round(median(sample) - median(base)),
          "p99 ms": round(quantile(sample, 0.99)),
          "p99 ratio": round(quantile(sample, 0.99) / quantile(base, 0.99)),
        };
      });
    });
    console.log(`\nThrough Kubernetes ${assets.version}, ${rounds} rounds in turns`);
    printTable(rows);
    return rows;
  } finally {
    await controlPlane.stop();
  }
}

async function begin(
  variant: Variant,
  client: KubeClient,
  controlPlane: ControlPlane,
  signal: AbortSignal,
): Promise<() => Promise<unknown>> {
  if (variant === "no webhook") return async () => undefined;
  if (variant === "CEL policy") {
    await applyComparison(client, signal);
    return () => removeComparison(client, signal);
  }
  const kubeconfig = controlPlane.userKubeconfig("ringfence-dev");
  const ringfence: Ringfence = await startRingfence({ kubeconfig });
  return ringfence.stop;
}

let serial = 0;

async function createOne(client: KubeClient, signal: AbortSignal): Promise<number> {
  const name = `bench-${serial++}`;
  const metadata = { name, namespace: "shop" };
  const object = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: goodSpec,
  };
  const start = performance.now();
  await client.create(collectionPath(networkPolicies, "shop"), object, {}, signal);
  const elapsed = performance.now() - start;
  await client.delete(objectPath(networkPolicies, name, "shop"), {}, signal);
  return elapsed;
}

async function createMany(
  client: KubeClient,
  count: number,
  signal: AbortSignal,
): Promise<number[]> {
  const sample: number[] = [];
  for (let index = 0; index < count; index++) sample.push(await createOne(client, signal));
  return sample;
}

async function createPaced(client: KubeClient, signal: AbortSignal): Promise<number[]> {
  const start = performance.now();
  const pending: Promise<number>[] = [];
  for (let index = 0; index < pacedPerRound; index++) {
    const wait = start + (index * 1000) / pacedPerSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    pending.push(createOne(client, signal));
  }
  return Promise.all(pending);
}
