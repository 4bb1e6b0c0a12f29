// How far the CEL gate of the API server is behind: with the waiting webhook gone, it alone decides.
import { setTimeout as delay } from "node:timers/promises";
import type { Assets } from "../../src/controlplane/assets.ts";
import { names } from "../../src/registration/names.ts";
import { createPod } from "../support/burst.ts";
import { postNamespace } from "../support/rawclientnamespaces.ts";
import { printTable } from "./figures.ts";
import { type BenchCluster, namesOf, startCluster } from "./isolationcluster.ts";
import { buckets, distribution, printHistogram } from "./isolationhistogram.ts";
import { load } from "./isolationprocess.ts";
import type { Result } from "./isolationresult.ts";
import { type Observer, observe } from "./isolationwatch.ts";

const webhooks = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
const patienceMs = 10_000;

/**
 * The first pod of a namespace makes the last three look for objects of which there are none, and a
 * read of those takes up to 100 ms; the first one waits 50 ms where its copy does not have the
 * namespace yet. The gate behind them would be asked too late to see it refuse.
 */
const plugins = ["NamespaceLifecycle", "ServiceAccount", "LimitRanger", "ResourceQuota"];
const apiServerFlags = { "disable-admission-plugins": plugins.join(",") };

/**
 * Asks again and again, one dry run after the other, until a pod would be accepted. An upper bound:
 * it contains that last request, and up to all of the refused one before it.
 */
export async function measureGate(
  assets: Assets,
  count: number,
  signal: AbortSignal,
): Promise<Result> {
  await using living = new AsyncDisposableStack();
  const cluster = living.use(await startCluster(assets, signal, apiServerFlags));
  living.use(await cluster.startRingfence());
  await cluster.client.call({ method: "DELETE", path: `${webhooks}/${names.gate}` });
  // The API server may call it a little longer.
  await delay(1500, undefined, { signal });
  await using observer = await observe(cluster.kube, signal);
  const busy = load();
  const sample: number[] = [];
  const problems: string[] = [];
  let held = 0;
  for (const namespace of namesOf("gate", count)) {
    const one = await measureOne(namespace, cluster, observer, signal);
    if (one === undefined) problems.push(`${namespace} accepts no pods after ${patienceMs} ms`);
    else sample.push(one.behind);
    if ((one?.refused ?? 0) > 0) held += 1;
  }
  const figures = { load: busy, ...distribution(sample), "refused before": held };
  console.log("\nDeny-all present → first pod accepted by the CEL gate");
  printTable([figures]);
  printHistogram(sample);
  const targets = [{ what: "p99 ms", figure: figures.p99, atMost: 20 }];
  return { part: "gate", figures: { ...figures, buckets: buckets(sample) }, targets, problems };
}

async function measureOne(
  namespace: string,
  { client }: BenchCluster,
  observer: Observer,
  signal: AbortSignal,
): Promise<{ readonly refused: number; readonly behind: number } | undefined> {
  const start = performance.now();
  // Sooner, a pod would wait in the API server until it knows the namespace.
  await postNamespace(client, namespace);
  let refused = 0;
  for (;;) {
    const { status } = await createPod(client, "web", namespace, "?dryRun=All");
    const at = performance.now();
    if (status === 201) {
      await observer.until(() => observer.isolatedAt(namespace) !== undefined, 1000);
      return { refused, behind: at - (observer.isolatedAt(namespace) ?? Number.NaN) };
    }
    if (at - start > patienceMs) return undefined;
    refused += 1;
    signal.throwIfAborted();
  }
}
