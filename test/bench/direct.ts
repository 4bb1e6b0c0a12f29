// The review path by itself: in process, and over keep-alive TLS beside the floor of the stack.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Pool } from "undici";
import { defaultConfiguration } from "../../src/config/load.ts";
import { createEvaluator } from "../../src/engine/evaluator.ts";
import { median, printTable, quantile, round, type Sample } from "./figures.ts";
import { badSpec, goodSpec, review } from "./reviews.ts";

const rounds = 5;
const reviewsPerRound = 4000;
const pacedPerSecond = 500;
const pacedSeconds = 4;
const bodies = { allowed: review(goodSpec), denied: review(badSpec) };

type Target = {
  readonly name: string;
  readonly child: ChildProcess;
  readonly ca: string;
  readonly url: string;
};

export async function benchDirect(): Promise<unknown> {
  const inProcess = benchInProcess();
  const targets = [await startTarget("floor"), await startTarget("ringfence")];
  const rows: Record<string, string | number>[] = [];
  try {
    for (const connections of [1, 2]) {
      for (const body of ["allowed", "denied"] as const) {
        for (const target of targets) await warmUp(target, body);
        const rates = new Map<string, number[]>();
        const costs = new Map<string, number[]>();
        for (let index = 0; index < rounds; index++) {
          for (const target of targets) {
            const { perSecond, cpuMs } = await flood(target, connections, body);
            push(rates, target.name, perSecond);
            push(costs, target.name, cpuMs);
          }
        }
        for (const { name } of targets) {
          const [rate, cost] = [median(rates.get(name) ?? []), median(costs.get(name) ?? [])];
          rows.push({
            server: name,
            connections,
            body,
            "reviews/s": Math.round(rate),
            "CPU ms": round(cost),
          });
        }
      }
    }
    const paced = [];
    for (const target of targets) {
      const sample = await pace(target);
      paced.push({
        server: target.name,
        rate: pacedPerSecond,
        "p50 ms": round(median(sample)),
        "p99 ms": round(quantile(sample, 0.99)),
      });
    }
    console.log(
      `\nDirect, ${bodies.allowed.length} byte reviews, keep-alive TLS, medians of ${rounds} rounds of ${reviewsPerRound}`,
    );
    printTable(rows);
    printTable(paced);
    return { inProcess, rows, paced };
  } finally {
    for (const { child } of targets) child.kill();
  }
}

function benchInProcess(): unknown {
  const evaluate = createEvaluator(defaultConfiguration().parameters);
  const how = { namespace: "shop", version: "v1" } as const;
  const rows = Object.entries({ allowed: goodSpec, denied: badSpec }).map(([body, spec]) => {
    const policy = { metadata: { name: "web", namespace: "shop" }, spec };
    const perSecond = Array.from({ length: rounds + 1 }, () => {
      const start = performance.now();
      for (let index = 0; index < 5000; index++) {
        evaluate(policy, { ...how, level: "baseline" });
        evaluate(policy, { ...how, level: "restricted" });
      }
      return 5_000_000 / (performance.now() - start);
    });
    return { judge: body, levels: 2, "policies/s": Math.round(median(perSecond.slice(1))) };
  });
  console.log("\nIn process, both levels");
  printTable(rows);
  return rows;
}

async function startTarget(name: string): Promise<Target> {
  const child = fork(new URL("serve.ts", import.meta.url), [name]);
  const [{ port, ca }]: [{ port: number; ca: string }] = await message(child);
  return { name, child, ca, url: `https://localhost:${port}` };
}

function poolOf({ url, ca }: Target, connections: number): Pool {
  return new Pool(url, { connections, pipelining: 1, connect: { ca } });
}

async function post(pool: Pool, body: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await pool.request({
    method: "POST",
    path: "/v1/validate?timeout=5s",
    headers,
    body,
  });
  await answer.body.text();
}

async function warmUp(target: Target, body: keyof typeof bodies): Promise<void> {
  await using pool = disposable(poolOf(target, 2));
  for (let index = 0; index < 3000; index++) await post(pool.value, bodies[body]);
}

async function flood(
  target: Target,
  connections: number,
  body: keyof typeof bodies,
): Promise<{ perSecond: number; cpuMs: number }> {
  await using pool = disposable(poolOf(target, connections));
  await post(pool.value, bodies[body]);
  const before = await cpu(target);
  const start = performance.now();
  const worker = async (): Promise<void> => {
    for (let index = 0; index < reviewsPerRound / connections; index++)
      await post(pool.value, bodies[body]);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const elapsed = performance.now() - start;
  return {
    perSecond: (reviewsPerRound * 1000) / elapsed,
    cpuMs: ((await cpu(target)) - before) / reviewsPerRound,
  };
}

async function pace(target: Target): Promise<Sample> {
  await using pool = disposable(poolOf(target, 25));
  const sample: number[] = [];
  const start = performance.now();
  const total = pacedPerSecond * pacedSeconds;
  const pending: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const due = start + (index * 1000) / pacedPerSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    // From when it should have left, so that a slow answer is not hidden by a late start.
    const began = Math.min(due, performance.now());
    pending.push(
      post(pool.value, bodies.denied).then(() => void sample.push(performance.now() - began)),
    );
  }
  await Promise.all(pending);
  return sample;
}

// oxlint-disable-next-line typescript/no-explicit-any -- what arrives is what serve.ts sends
async function message(child: ChildProcess): Promise<any> {
  return once(child, "message");
}

/** Milliseconds of CPU that the server has used. */
async function cpu({ child }: Target): Promise<number> {
  child.send("cpu");
  const [{ user, system }]: [{ user: number; system: number }] = await message(child);
  return (user + system) / 1000;
}

function disposable(value: Pool) {
  return { value, [Symbol.asyncDispose]: () => value.close() };
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}
