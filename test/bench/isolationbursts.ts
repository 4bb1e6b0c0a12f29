// A namespace and its pods sent at once: no pod may come before the deny-all, and none be refused.
import { getDenyAll, order, sendBurst } from "../support/burst.ts";
import { openRawClient, type RawAnswer } from "../support/rawclient.ts";
import { printTable, round } from "./figures.ts";
import type { BenchCluster } from "./isolationcluster.ts";
import { distribution } from "./isolationhistogram.ts";
import { load } from "./isolationprocess.ts";
import type { Result } from "./isolationresult.ts";

const podsEach = 3;

/** What came of a number of bursts. */
export type Bursts = {
  readonly load: number;
  /** Milliseconds until everything was answered. */
  readonly sample: readonly number[];
  /** Pods that were stored before the deny-all of their namespace, or without any. */
  readonly early: readonly string[];
  /** Why pods were refused, those of each burst by itself. */
  readonly refusals: readonly (readonly string[])[];
};

/** Sends bursts one after the other; every other one waits for the namespace, as kubectl does. */
export async function sendBursts(
  { kubeconfig }: BenchCluster,
  prefix: string,
  count: number,
  signal: AbortSignal,
): Promise<Bursts> {
  // One connection: what is sent in one breath arrives in one.
  await using client = await openRawClient({ kubeconfig, connections: 1 });
  const busy = load();
  const sample: number[] = [];
  const early: string[] = [];
  const refusals: string[][] = [];
  for (let index = 0; index < count; index++) {
    signal.throwIfAborted();
    const namespace = `${prefix}-${index}`;
    const start = performance.now();
    const patient = index % 2 === 1;
    const { answers } = await sendBurst(client, namespace, { pods: podsEach, patient });
    sample.push(performance.now() - start);
    const denyAll = order(await getDenyAll(client, namespace));
    const accepted = answers.filter(({ status }) => status === 201);
    const tooEarly = accepted.filter((answer) => !(order(answer) > denyAll));
    early.push(...tooEarly.map(({ object }) => `${namespace}/${object.metadata?.name}`));
    refusals.push(answers.filter(({ status }) => status !== 201).map(describe));
  }
  return { load: busy, sample, early, refusals };
}

/** Prints what Ringfence makes of bursts, beside what they are without it. */
export function judgeBursts(without: Bursts, guarded: Bursts): Result {
  const rows = [without, guarded].map((bursts) => {
    const count = bursts.sample.length;
    const { p50, p99, worst } = distribution(bursts.sample);
    const complete = bursts.refusals.filter((refusals) => refusals.length === 0).length;
    return {
      "": bursts === guarded ? "ringfence" : "no ringfence",
      load: bursts.load,
      bursts: count,
      pods: count * podsEach,
      "before the deny-all": bursts.early.length,
      "at the first try %": round((complete * 100) / count),
      "all answered p50 ms": p50,
      "p99 ms": p99,
      "worst ms": worst,
    };
  });
  console.log(`\nA namespace and ${podsEach} pods at once`);
  printTable(rows);
  const refusals = [...new Set(guarded.refusals.flat())];
  for (const refusal of refusals) console.log(`  refused: ${refusal}`);
  const refused = round(100 - (rows[1]?.["at the first try %"] ?? 0));
  return {
    part: "bursts",
    figures: { rows, refusals },
    targets: [{ what: "bursts not accepted at the first try, %", figure: refused, atMost: 0.1 }],
    problems: guarded.early.map((pod) => `pod ${pod} came before the deny-all of its namespace`),
  };
}

function describe({ status, message }: RawAnswer): string {
  return `${status} ${message.replaceAll(/burst-\d+/g, "…").slice(0, 160)}`;
}
