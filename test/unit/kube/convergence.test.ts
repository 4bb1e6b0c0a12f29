import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Selection } from "../../../src/kube/client.ts";
import type { ReflectorTiming } from "../../../src/kube/timing.ts";
import { Scene } from "./reflectorscene.ts";
import { anyStep, anyWrite, type Step, type Write } from "./reflectorsteps.ts";

const count = Number(process.env["RINGFENCE_SEQUENCES"] ?? 90);
const perSequence = { maxLength: 40, size: "max" } as const;

type Given = {
  readonly selection: Selection;
  readonly pageSize: number;
  readonly seed: number;
  readonly past: readonly (readonly [readonly Write[], readonly Write[]])[];
  readonly steps: readonly Step[];
};

const fewWrites = fc.array(anyWrite, { maxLength: 4 });
const anyGiven: fc.Arbitrary<Given> = fc.record({
  selection: fc.constantFrom<Selection>(
    {},
    { labelSelector: "team=x" },
    { fieldSelector: "status.phase=Active" },
    { fieldSelector: "metadata.name=a" },
  ),
  pageSize: fc.constantFrom(1, 2, 3, 500),
  seed: fc.nat(),
  past: fc.array(fc.tuple(fewWrites, fewWrites), { minLength: 1, maxLength: 3 }),
  steps: fc.array(anyStep, perSequence),
});

/** Once all faults are over it takes a Retry-After, a silence, a watch and some waits at most. */
const settledMs = 120_000;

async function play(given: Given, timing: Partial<ReflectorTiming>, withinMs: number) {
  const random = numbers(given.seed);
  const scene = new Scene({ ...given, random, timing });
  for (const [before, after] of given.past) scene.age(before, after);
  const stop = new AbortController();
  scene.reflector.start(stop.signal);
  // oxlint-disable-next-line no-await-in-loop -- one step after the other
  for (const step of given.steps) await scene.take(step);
  scene.server.script.clear();
  await scene.clock.advance(withinMs);
  expect(scene.reflector.synced).toBe(true);
  const { truth, copies } = scene.pictures();
  expect(copies).toEqual([truth, truth, truth]);
  expect(scene.contradictions).toEqual([]);
  stop.abort();
  await scene.clock.advance(0);
  return scene;
}

/** Numbers from 0 to 1 that a seed decides. */
function numbers(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => {
    state = (state * 48_271 + 1) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test("any sequence of changes, faults, restored backups and broken listeners ends in the server's truth", async () => {
  const runs = fc.asyncProperty(anyGiven, async (given) => {
    const scene = await play(given, {}, settledMs);
    expect(scene.early()).toEqual([]);
    expect(scene.reflector.counters.handlerErrors).toBe(scene.thrown);
    expect(scene.errors).toEqual(
      Array.from({ length: scene.thrown }, () => "a handler of watch events failed"),
    );
  });
  const outcome = await fc.check(runs, { numRuns: count });
  expect(fc.defaultReportMessage(outcome)).toBe(undefined);
}, 600_000);

test("with comparisons, even watches that swallow events end in the server's truth", async () => {
  const driftCheckMs = 600_000;
  const runs = fc.asyncProperty(anyGiven, async (given) => {
    const steps: readonly Step[] = [
      { do: "fail", on: "watch", fault: { kind: "bookmarks-only" } },
      ...given.steps,
    ];
    await play({ ...given, steps }, { driftCheckMs }, 1.1 * driftCheckMs + settledMs);
  });
  const outcome = await fc.check(runs, { numRuns: Math.ceil(count / 3) });
  expect(fc.defaultReportMessage(outcome)).toBe(undefined);
}, 600_000);
