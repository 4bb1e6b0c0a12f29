import { expect, test } from "vitest";
import type { IsolationEvent } from "../../../src/isolation/ports.ts";
import { createProgress } from "../../../src/isolation/progress.ts";
import { createFakeClock } from "./fakeclock.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `ns-${index}`);

function following() {
  const clock = createFakeClock();
  const told: string[] = [];
  const report = (event: IsolationEvent): void => {
    if (event.kind === "backfill") told.push(`${event.phase} ${event.done}/${event.total}`);
  };
  const { signal } = new AbortController();
  return { clock, told, signal, progress: createProgress({ report }, clock) };
}

test("the start, each tenth and the end are told", async () => {
  const { clock, told, signal, progress } = following();
  progress.begin(names(200), signal);
  for (const name of names(200)) {
    await clock.advance(100);
    progress.done(name);
  }
  const tenths = [20, 40, 60, 80, 100, 120, 140, 160, 180];
  expect(told).toEqual([
    "started 0/200",
    ...tenths.map((done) => `progress ${done}/200`),
    "completed 200/200",
  ]);
  expect(progress.read()).toEqual({ total: 200, done: 200, running: false });
  expect(clock.sleeping()).toBe(0);
});

test("tenths that come close together are not all told", async () => {
  const { clock, told, signal, progress } = following();
  progress.begin(names(20), signal);
  for (const name of names(20)) {
    await clock.advance(100);
    progress.done(name);
  }
  expect(told).toEqual(["started 0/20", "progress 10/20", "completed 20/20"]);
});

test("where nothing goes on for long, that is told too", async () => {
  const { clock, told, signal, progress } = following();
  progress.begin(names(10), signal);
  progress.done("ns-3");
  await clock.advance(61_000);
  expect(told).toEqual(["started 0/10", "progress 1/10", "progress 1/10"]);
});

test("a look at what is left, in the middle, is no new backfill", async () => {
  const { told, signal, progress } = following();
  progress.begin(names(4), signal);
  progress.done("ns-0");
  progress.begin(names(5).slice(1), signal);
  for (const name of names(5)) progress.done(name);
  expect(told).toEqual(["started 0/4", "completed 5/5"]);
});

test("nothing to do is not worth a word, and what was called off is not completed", async () => {
  const { clock, told, signal, progress } = following();
  progress.begin([], signal);
  progress.begin(names(2), signal);
  progress.done("another");
  progress.cancel();
  progress.done("ns-0");
  progress.done("ns-1");
  await clock.advance(100_000);
  expect(told).toEqual(["started 0/2"]);
});
