import { expect, test } from "vitest";
import { type Effort, pauseMs, spend } from "../../../src/isolation/effort.ts";

test("the first six writes are immediate, then the pauses double up to a minute", () => {
  let effort: Effort | undefined;
  const pauses: number[] = [];
  for (let write = 0; write < 14; write++) {
    effort = spend(effort, 0);
    pauses.push(pauseMs(effort, 0));
  }

  expect(pauses).toEqual([
    0, 0, 0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000,
  ]);
});

test("a rival that never rests costs at most 30 writes in ten minutes", () => {
  let effort: Effort | undefined;
  let writes = 0;
  for (let now = 0; now < 600_000; now += 100) {
    if (pauseMs(effort, now) > 0) continue;
    effort = spend(effort, now);
    writes += 1;
  }

  expect(writes).toBe(20);
});

test("a pause runs down", () => {
  const effort = { writes: 8, lastMs: 1000, reported: false };

  expect(pauseMs(effort, 1000)).toBe(4000);
  expect(pauseMs(effort, 4999)).toBe(1);
  expect(pauseMs(effort, 5000)).toBe(0);
});

test("two quiet minutes are forgiven", () => {
  const effort = { writes: 50, lastMs: 0, reported: true };

  expect(spend(effort, 120_000)).toEqual({ writes: 51, lastMs: 120_000, reported: false });
  expect(spend(effort, 120_001)).toEqual({ writes: 1, lastMs: 120_001, reported: false });
});
