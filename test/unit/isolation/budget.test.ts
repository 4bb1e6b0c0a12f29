import { expect, test } from "vitest";
import * as fc from "fast-check";
import { WriteBudget } from "../../../src/isolation/budget.ts";
import { createFakeClock } from "./fakeclock.ts";

const { signal } = new AbortController();

/** The most of these times that are within one second. */
function mostInASecond(times: readonly number[]): number {
  const within = times.map(
    (from) => times.filter((time) => time >= from && time < from + 1000).length,
  );
  return Math.max(0, ...within);
}

test("writes are granted evenly, first come, first served", async () => {
  const clock = createFakeClock();
  const budget = new WriteBudget(50, clock);
  const granted: string[] = [];
  for (const [name, writes] of [["a", 2] as const, ["b", 1] as const, ["c", 2] as const]) {
    void budget.take(writes, signal).then(() => granted.push(`${name}@${clock.now()}`));
  }
  await clock.advance(200);
  expect(granted).toEqual(["a@0", "b@32", "c@48"]);
});

test("writes without an answer are counted until there is one, and a second more", async () => {
  const clock = createFakeClock();
  const budget = new WriteBudget(2, clock);
  const release = await budget.take(2, signal);
  let grantedMs: number | undefined;
  void budget.take(1, signal).then(() => (grantedMs = clock.now()));
  await clock.advance(3000);
  expect(grantedMs).toBeUndefined();
  release(true);
  await clock.advance(999);
  expect(grantedMs).toBeUndefined();
  await clock.advance(501);
  expect(grantedMs).toBeGreaterThanOrEqual(4000);
  expect(grantedMs).toBeLessThanOrEqual(4500);
});

test("writes that were not made are free at once", async () => {
  const clock = createFakeClock();
  const budget = new WriteBudget(2, clock);
  (await budget.take(2, signal))(false);
  let grantedMs: number | undefined;
  void budget.take(2, signal).then(() => (grantedMs = clock.now()));
  await clock.advance(1000);
  expect(grantedMs).toBe(800);
});

test("who does not want to wait any more leaves the turn to the next", async () => {
  const clock = createFakeClock();
  const budget = new WriteBudget(50, clock);
  await budget.take(50, signal);
  const abort = new AbortController();
  const refused = budget.take(1, abort.signal).catch(() => "refused");
  await clock.advance(10);
  abort.abort();
  expect(await refused).toBe("refused");
  expect(clock.sleeping()).toBe(0);
});

test("however late the clock and the answers are, no second sees more writes than allowed", async () => {
  const late = fc.oneof(fc.constant(0), fc.nat(30), fc.nat(2500));
  const write = fc.record({
    count: fc.constantFrom(1, 2),
    tookMs: late,
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 20, maxLength: 80 }),
      fc.array(late, { minLength: 1, maxLength: 20 }),
      async (writes, lateness) => {
        const clock = createFakeClock();
        let slept = 0;
        const budget = new WriteBudget(10, {
          now: clock.now,
          // A busy event loop wakes sleepers late, and then all at once.
          sleep: (ms, abort) => clock.sleep(ms + (lateness[slept++ % lateness.length] ?? 0), abort),
        });
        const received: number[] = [];
        const granted: number[] = [];
        const all = writes.map(async ({ count, tookMs, at }) => {
          const release = await budget.take(count, signal);
          granted.push(clock.now());
          // The API server sees them at any time before their answer.
          for (let index = 0; index < count; index++) received.push(clock.now() + tookMs * at);
          await clock.sleep(tookMs, signal);
          release(true);
        });
        for (let round = 0; round < 100 && granted.length < writes.length; round++) {
          await clock.advance(10_000);
        }
        await clock.advance(10_000);
        await Promise.all(all);
        expect(mostInASecond(received)).toBeLessThanOrEqual(10);
        const early = granted.map((time, index) => time - (granted[index - 1] ?? -Infinity));
        expect(Math.min(...early)).toBeGreaterThanOrEqual(80);
      },
    ),
    { numRuns: 60 },
  );
});
