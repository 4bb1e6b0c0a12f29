// `npm run bench:isolation`: how long a new namespace is open, and what keeps it closed costs.
import { parseArgs } from "node:util";
import { provideForTests } from "../../scripts/run/provide.ts";
import type { Assets } from "../../src/controlplane/assets.ts";
import { measureBackfill } from "./isolationbackfill.ts";
import { judgeBursts, sendBursts } from "./isolationbursts.ts";
import { type BenchCluster, fill, namesOf, startCluster } from "./isolationcluster.ts";
import { measureCompanion } from "./isolationcompanion.ts";
import { measureGate } from "./isolationgate.ts";
import { measureRepair } from "./isolationrepair.ts";
import { printTargets, type Result } from "./isolationresult.ts";
import { measureWindow } from "./isolationwindow.ts";

const parts = ["window", "bursts", "gate", "repair", "companion", "backfill"] as const;
type Part = (typeof parts)[number];

const sizes = {
  short: {
    populations: [10, 2000],
    paces: [5, 20],
    seconds: 8,
    bursts: 50,
    gate: 50,
    repairs: 20,
    backfill: 300,
    limitMs: 6 * 60_000,
  },
  full: {
    populations: [10, 2000, 10_000],
    paces: [5, 20],
    seconds: 60,
    bursts: 1000,
    gate: 300,
    repairs: 200,
    backfill: 10_000,
    limitMs: 60 * 60_000,
  },
} as const;
type Size = Omit<(typeof sizes)["full" | "short"], "bursts"> & { readonly bursts: number };

/** Bursts without Ringfence, to compare with. */
const comparison = 30;

const { values } = parseArgs({
  options: {
    short: { type: "boolean" },
    full: { type: "boolean" },
    bursts: { type: "string" },
    only: { type: "string" },
  },
});
const chosen = values.full === true ? sizes.full : sizes.short;
const bursts = Number(values.bursts ?? chosen.bursts);
if (!Number.isInteger(bursts) || bursts < 1) throw new Error("--bursts is a number from 1 on");
const only = values.only?.split(",") ?? parts;
for (const part of only) {
  if (!parts.some((known) => known === part)) throw new Error(`--only: ${parts.join(", ")}`);
}

const end = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => end.abort(new Error(`ended by ${name}`)));
}
// What was in flight at the end fails, while everything is being put away.
process.on("unhandledRejection", (error) => {
  if (!end.signal.aborted) throw error;
});
const limit = setTimeout(() => end.abort(new Error("it takes too long")), chosen.limitMs);
try {
  const { assets, problems } = await provideForTests(undefined, end.signal);
  if (assets === undefined) throw new Error(`no API server: ${problems.join("; ")}`);
  await measure(assets, { ...chosen, bursts }, end.signal);
} catch (error) {
  if (!end.signal.aborted) throw error;
  console.error(String(end.signal.reason));
  process.exitCode = 1;
} finally {
  clearTimeout(limit);
}

/** Measures the parts that were asked for; fails when anything happened that must not. */
async function measure(assets: Assets, size: Size, signal: AbortSignal): Promise<void> {
  const results: Result[] = [];
  if (only.some((part) => part !== "backfill" && part !== "gate")) {
    await using cluster = await startCluster(assets, signal);
    await measureNew(cluster, size, results, signal);
  }
  if (isAsked("gate")) results.push(await measureGate(assets, size.gate, signal));
  if (isAsked("backfill")) results.push(await measureBackfill(assets, size.backfill, signal));
  console.log(`\nKubernetes ${assets.version}`);
  printTargets(results);
  console.log(JSON.stringify({ kubernetes: assets.version, results }));
  for (const { part, problems } of results) {
    for (const problem of problems) console.error(`${part}: ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  }
}

/** New namespaces among few and among many; what needs the protection gone comes last. */
async function measureNew(
  cluster: BenchCluster,
  size: Size,
  results: Result[],
  signal: AbortSignal,
): Promise<void> {
  const without = await sendBursts(cluster, "open", isAsked("bursts") ? comparison : 0, signal);
  let there = 0;
  const populations = isAsked("window") ? size.populations : size.populations.slice(0, 1);
  for (const [round, existing] of populations.entries()) {
    const names = namesOf(`there-${existing}`, existing - there);
    await fill(cluster.client, names, true, signal);
    there = existing;
    await using ringfence = await cluster.startRingfence();
    if (isAsked("window")) {
      for (const perSecond of size.paces) {
        const plan = { existing, perSecond, count: perSecond * size.seconds };
        results.push(await measureWindow(cluster, ringfence, plan, signal));
      }
    }
    if (round === 0) {
      if (isAsked("bursts")) {
        const guarded = await sendBursts(cluster, "burst", size.bursts, signal);
        results.push(judgeBursts(without, guarded));
      }
      if (isAsked("repair")) results.push(await measureRepair(cluster, size.repairs, signal));
    }
    const isLast = round === populations.length - 1;
    if (isLast && isAsked("companion")) results.push(await measureCompanion(cluster, signal));
  }
}

function isAsked(part: Part): boolean {
  return only.some((one) => one === part);
}
