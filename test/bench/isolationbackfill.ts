// Isolating namespaces that were there before Ringfence: how long, how gently, how large.
import { setTimeout as delay } from "node:timers/promises";
import { printTable, round } from "./figures.ts";
import { followAudit, peakPerSecond, writesOf } from "./isolationaudit.ts";
import { type BenchCluster, fill, namesOf } from "./isolationcluster.ts";
import { load, memoryMiB } from "./isolationprocess.ts";
import type { Result } from "./isolationresult.ts";
import { observe } from "./isolationwatch.ts";

const reference = 10_000;
/** At the allowed pace two writes for each take 400 s; the rest is for answers and late timers. */
const referenceSeconds = 450;
/** Far slower than the pace at which Ringfence goes. */
const slowestPerSecond = 10;

/** Fills a cluster without Ringfence, and starts it to isolate what is there. */
export async function measureBackfill(
  cluster: BenchCluster,
  count: number,
  signal: AbortSignal,
): Promise<Result> {
  const names = namesOf("backfill", count);
  await fill(cluster.client, names, false, signal);
  const readAudit = await followAudit(cluster.auditLog);
  await using observer = await observe(cluster.kube, signal);
  const busy = load();
  await using ringfence = await cluster.startRingfence("existingNamespaces: enabled");
  const patienceMs = 30_000 + (count * 1000) / slowestPerSecond;
  await observer.until(() => names.every((name) => observer.ready.has(name)), patienceMs);
  await delay(500, undefined, { signal });
  const memory = await memoryMiB(ringfence.process.pid);
  // Ringfence also asks, as dry runs, whether what it has registered is in force.
  const mine = new Set(names);
  const writes = writesOf(await readAudit()).filter(({ namespace }) => mine.has(namespace));
  const seconds = secondsOf(writes);
  const figures = {
    load: busy,
    namespaces: count,
    seconds: round(seconds),
    "namespaces/s": round(count / seconds),
    writes: writes.length,
    refused: writes.filter(({ code }) => code >= 300).length,
    "writes/s": round(writes.length / seconds),
    "peak writes/s": peakPerSecond(writes),
    "memory MiB": memory.now,
    "peak MiB": memory.peak,
  };
  console.log("\nBackfill of existing namespaces");
  printTable([figures]);
  const open = names.filter((name) => observer.isolatedAt(name) === undefined);
  const unready = names.filter((name) => !observer.ready.has(name));
  const whole = round((seconds * reference) / count);
  return {
    part: "backfill",
    figures,
    targets: [
      { what: `seconds for ${reference}, at this rate`, figure: whole, atMost: referenceSeconds },
      { what: "peak writes/s", figure: figures["peak writes/s"], atMost: 50 },
      { what: "peak MiB", figure: memory.peak, atMost: 256 },
    ],
    problems: [
      ...open.map((name) => `${name} has no deny-all`),
      ...unready.map((name) => `${name} is not ready`),
    ],
  };
}

function secondsOf(writes: readonly { received: number; answered: number }[]): number {
  const first = Math.min(...writes.map(({ received }) => received));
  const last = Math.max(...writes.map(({ answered }) => answered));
  return (last - first) / 1000;
}
