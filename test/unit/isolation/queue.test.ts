import { expect, test } from "vitest";
import { type Failure, Queue } from "../../../src/isolation/queue.ts";
import type { Outcome } from "../../../src/isolation/reconcile.ts";
import { createFakeClock } from "./fakeclock.ts";

function createBench(work: (key: string, attempt: number) => Outcome | Promise<Outcome>) {
  const clock = createFakeClock();
  const started: string[] = [];
  const failures: Omit<Failure, "error">[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const queue = new Queue({
    clock,
    random: () => 1,
    concurrency: 2,
    baseMs: 100,
    capMs: 1000,
    onFailure: ({ key, failures: count, retryInMs }) =>
      failures.push({ key, failures: count, retryInMs }),
    work: async (key) => {
      started.push(`${key}@${clock.now()}`);
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      try {
        return await work(key, started.filter((entry) => entry.startsWith(`${key}@`)).length);
      } finally {
        inFlight -= 1;
      }
    },
  });
  const abort = new AbortController();
  const ended = queue.start(abort.signal);
  return { queue, clock, started, failures, abort, ended, mostInFlight: () => mostInFlight };
}

type Bench = ReturnType<typeof createBench>;

async function slowly(clock: Bench["clock"], ms: number): Promise<Outcome> {
  await clock.sleep(ms, new AbortController().signal);
  return {};
}

test("a key that waits already is not queued again, and keys keep their order", async () => {
  const bench = createBench(() => slowly(bench.clock, 10));

  for (const key of ["a", "b", "c", "d", "c", "d"]) bench.queue.add(key);
  await bench.clock.advance(100);

  expect(bench.started).toEqual(["a@0", "b@0", "c@10", "d@10"]);
  expect(bench.mostInFlight()).toBe(2);
});

test("a key in flight is worked on once more afterwards, never twice at the same time", async () => {
  const bench = createBench(() => slowly(bench.clock, 10));

  bench.queue.add("a");
  await bench.clock.advance(5);
  bench.queue.add("a");
  bench.queue.add("a");
  await bench.clock.advance(100);

  expect(bench.started).toEqual(["a@0", "a@10"]);
  expect(bench.mostInFlight()).toBe(1);
});

test("failures back off exponentially up to the cap, and success forgives them", async () => {
  const bench = createBench((_, attempt) => {
    if (attempt <= 6) throw new Error("no");
    return {};
  });

  bench.queue.add("a");
  await bench.clock.advance(10_000);

  expect(bench.started).toEqual(["a@0", "a@100", "a@300", "a@700", "a@1500", "a@2500", "a@3500"]);
  expect(bench.failures.map(({ retryInMs }) => retryInMs)).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
  expect(bench.failures.at(-1)?.failures).toBe(6);
});

test("the lower half of the back-off is certain, the upper half is random", async () => {
  const clock = createFakeClock();
  const waits: number[] = [];
  const queue = new Queue({
    clock,
    random: () => 0,
    concurrency: 1,
    baseMs: 100,
    capMs: 1000,
    onFailure: ({ retryInMs }) => waits.push(retryInMs),
    work: () => Promise.reject(new Error("no")),
  });
  void queue.start(new AbortController().signal);

  queue.add("a");
  await clock.advance(1);

  expect(waits).toEqual([50]);
});

test("a new request does not shorten the back-off", async () => {
  const bench = createBench((_, attempt) => {
    if (attempt === 1) throw new Error("no");
    return {};
  });

  bench.queue.add("a");
  await bench.clock.advance(10);
  bench.queue.add("a");
  await bench.clock.advance(1000);

  expect(bench.started).toEqual(["a@0", "a@100"]);
});

test("unless its failures are forgotten", async () => {
  const bench = createBench((_, attempt) => {
    if (attempt === 1) throw new Error("no");
    return {};
  });

  bench.queue.add("a");
  await bench.clock.advance(10);
  bench.queue.forget("a");
  bench.queue.add("a");
  await bench.clock.advance(1000);

  expect(bench.started).toEqual(["a@0", "a@10"]);
});

test("Retry-After is obeyed, within reason", async () => {
  const bench = createBench((key, attempt) => {
    if (attempt > 1) return {};
    throw Object.assign(new Error("busy"), { retryAfterSeconds: key === "a" ? 7 : 86_400 });
  });

  bench.queue.add("a");
  bench.queue.add("b");
  await bench.clock.advance(1_000_000);

  expect(bench.started).toEqual(["a@0", "b@0", "a@7000", "b@300000"]);
});

test("of a delayed and an immediate request the earlier one counts", async () => {
  const bench = createBench(() => ({}));

  bench.queue.add("a", 500);
  bench.queue.add("a", 200);
  bench.queue.add("a", 900);
  await bench.clock.advance(100);
  bench.queue.add("b", 50);
  bench.queue.add("b");
  await bench.clock.advance(2000);

  expect(bench.started).toEqual(["b@100", "a@200"]);
});

test("work can ask to be called again", async () => {
  const bench = createBench((_, attempt) => (attempt < 3 ? { againMs: 40 } : {}));

  bench.queue.add("a");
  await bench.clock.advance(1000);

  expect(bench.started).toEqual(["a@0", "a@40", "a@80"]);
  expect(bench.queue.size).toBe(0);
});

test("keys that were added before the start are not lost", async () => {
  const clock = createFakeClock();
  const seen: string[] = [];
  const queue = new Queue({
    clock,
    random: () => 0,
    concurrency: 1,
    baseMs: 100,
    capMs: 1000,
    onFailure: () => undefined,
    work: (key) => {
      seen.push(key);
      return Promise.resolve({});
    },
  });

  queue.add("a");
  void queue.start(new AbortController().signal);
  await clock.advance(1);

  expect(seen).toEqual(["a"]);
});

test("the end waits for what is in flight, drops the rest and leaves no timer", async () => {
  const bench = createBench(() => slowly(bench.clock, 50));
  for (const key of ["a", "b", "c"]) bench.queue.add(key);
  bench.queue.add("d", 10);
  await bench.clock.advance(5);
  let hasEnded = false;
  void bench.ended.then(() => (hasEnded = true));

  bench.abort.abort();
  await bench.clock.advance(10);
  expect(hasEnded).toBe(false);
  await bench.clock.advance(100);

  expect(hasEnded).toBe(true);
  bench.queue.add("e");
  await bench.clock.advance(1000);
  expect(bench.started).toEqual(["a@0", "b@0"]);
  expect(bench.clock.sleeping()).toBe(0);
  expect(bench.queue.size).toBe(0);
});

test("a failure because of the end is not reported", async () => {
  const bench = createBench(async () => {
    await bench.clock.sleep(50, bench.abort.signal);
    return {};
  });
  bench.queue.add("a");
  await bench.clock.advance(5);

  bench.abort.abort();
  await bench.ended;

  expect(bench.failures).toEqual([]);
});
