// How long a new namespace is without its deny-all, and what closing that window costs.
import { setTimeout as delay } from "node:timers/promises";
import { allowDNSPolicy } from "../../src/api/names.ts";
import type { Ringfence } from "../support/ringfence.ts";
import { quantile, median, printTable, round } from "./figures.ts";
import { followAudit, type Request, writesOf } from "./isolationaudit.ts";
import { type BenchCluster, createPaced, namesOf } from "./isolationcluster.ts";
import { buckets, distribution, printHistogram } from "./isolationhistogram.ts";
import { cpuMs, load, memoryMiB } from "./isolationprocess.ts";
import type { Result } from "./isolationresult.ts";
import { observe } from "./isolationwatch.ts";

const patienceMs = 15_000;
/** The audit log is written a little after the answer. */
const settleMs = 300;

export type WindowPlan = {
  /** How many namespaces are there already. */
  readonly existing: number;
  readonly perSecond: number;
  readonly count: number;
};

/** Creates namespaces at a pace and watches when their deny-alls come. */
export async function measureWindow(
  cluster: BenchCluster,
  ringfence: Ringfence,
  { existing, perSecond, count }: WindowPlan,
  signal: AbortSignal,
): Promise<Result> {
  const part = `window, ${existing} there, ${perSecond}/s`;
  const names = namesOf(`window-${existing}-${perSecond}`, count);
  const readAudit = await followAudit(cluster.auditLog);
  await using observer = await observe(cluster.kube, signal);
  const busy = load();
  const cpuBefore = await cpuMs(ringfence.process.pid);
  await createPaced(cluster.client, names, perSecond, signal);
  await observer.until(() => names.every((name) => observer.ready.has(name)), patienceMs);
  const cpu = (await cpuMs(ringfence.process.pid)) - cpuBefore;
  await delay(settleMs, undefined, { signal });

  const open = names.filter((name) => observer.isolatedAt(name) === undefined);
  const unready = names.filter((name) => !observer.ready.has(name));
  const sample = names.flatMap((name) => {
    const [from, to] = [observer.created.get(name), observer.isolatedAt(name)];
    return from === undefined || to === undefined ? [] : [to - from];
  });
  const requests = await readAudit();
  const figures = {
    load: busy,
    ...distribution(sample),
    ...stages(names, requests),
    "CPU ms each": round(cpu / count),
    MiB: (await memoryMiB(ringfence.process.pid)).now,
    ...writesEach(names, requests),
  };
  console.log(`\nNamespace created → deny-all present: ${existing} there, ${perSecond}/s`);
  printTable([figures]);
  printHistogram(sample);
  return {
    part,
    figures: { existing, perSecond, ...figures, buckets: buckets(sample) },
    targets: [
      { what: "p50 ms", figure: figures.p50, atMost: 15 },
      { what: "p99 ms", figure: figures.p99, atMost: 150 },
      { what: "writes each, companion aside", figure: figures["writes each"], atMost: 3 },
      { what: "LISTs", figure: figures.LISTs, atMost: 0 },
    ],
    problems: [
      ...open.map((name) => `${name} has no deny-all after ${patienceMs} ms`),
      ...unready.map((name) => `${name} is not ready after ${patienceMs} ms`),
    ],
  };
}

/**
 * By the clock of the API server: from the answer to whoever created the namespace to the arrival
 * of the deny-all (watch and controller), and from there to its answer (the API server itself).
 */
function stages(names: readonly string[], requests: readonly Request[]) {
  const created = new Map<string, number>();
  const reaction: number[] = [];
  const storing: number[] = [];
  const mine = new Set(names);
  for (const request of requests) {
    const { namespace, verb, resource, byRingfence, received, answered, code } = request;
    if (!mine.has(namespace)) continue;
    if (!byRingfence && verb === "create" && code === 201) created.set(namespace, answered);
    const since = created.get(namespace);
    const isFirst = byRingfence && resource === "networkpolicies" && since !== undefined;
    if (!isFirst) continue;
    created.delete(namespace);
    reaction.push(received - since);
    storing.push(answered - received);
  }
  return {
    "reaction p50": round(median(reaction)),
    "reaction p99": round(quantile(reaction, 0.99)),
    "storing p50": round(median(storing)),
    "storing p99": round(quantile(storing, 0.99)),
  };
}

/** What Ringfence sends for each of these namespaces. */
export function writesEach(names: readonly string[], requests: readonly Request[]) {
  const mine = new Set(names);
  const writes = writesOf(requests).filter(({ namespace }) => mine.has(namespace));
  const companions = writes.filter(({ name }) => name === allowDNSPolicy);
  return {
    "writes each": round((writes.length - companions.length) / names.length),
    "companion writes each": round(companions.length / names.length),
    LISTs: requests.filter(isList).length,
  };
}

function isList({ byRingfence, verb, resource }: Request): boolean {
  return byRingfence && verb === "list" && /^(namespaces|networkpolicies)$/.test(resource);
}
