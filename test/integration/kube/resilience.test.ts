import { expect, test } from "vitest";
import { eventually, setUp } from "./setup.ts";
import { names, path, put, startWatching, told, watching } from "./watching.ts";

const none = { expired: 0, driftRelists: 0 };

test("a deletion and a re-creation while nobody watched are found by the next list", async () => {
  await using setup = await setUp();
  const { api } = setup;
  put(setup, "a", "b", "c");
  await using watch = await watching(setup);
  api.fail({ on: "watch", times: 2 }, { kind: "reset" });
  for (const open of api.watches()) open.reset();
  api.remove(`${path}/a`);
  api.recreate(`${path}/b`);
  api.compact();
  expect(await told(watch, 6, 3)).toEqual(["deleted a", "deleted b", "added b"]);
  expect(watch.reflector.counters).toMatchObject({ relists: 1, expired: 1, driftRelists: 0 });
  expect(names(watch)).toBe("b c");
});

test("a reset watch goes on where it was, without a list", async () => {
  await using setup = await setUp();
  await using watch = await watching(setup);
  for (const open of setup.api.watches()) open.reset();
  put(setup, "a");
  expect(await told(watch, 1)).toEqual(["added a"]);
  const counters = { relists: 0, reconnects: 1, handlerErrors: 0, drifts: 0, ...none };
  expect(watch.reflector.counters).toEqual(counters);
});

test("a watch that falls silent is replaced, and bookmarks are no silence", async () => {
  const silenceMs = 800;
  await using setup = await setUp({ bookmarkMs: 20 });
  await using watch = await watching(setup, { timing: { silenceMs } });
  // A bookmark tells a version that is news to the watch.
  setup.api.put("/api/v1/namespaces/a/pods/other", {});
  await new Promise((resolve) => setTimeout(resolve, 1.5 * silenceMs));
  expect(watch.reflector.counters.reconnects).toBe(0);
  expect(watch.reflector.stalenessMs(performance.now())).toBeLessThan(silenceMs);
  for (const open of setup.api.watches()) open.freeze();
  put(setup, "a");
  expect(await told(watch, 1)).toEqual(["added a"]);
  expect(watch.reflector.counters).toMatchObject({ relists: 0, reconnects: 1 });
});

test("Retry-After is obeyed", async () => {
  await using setup = await setUp();
  setup.api.fail({ on: "list" }, { kind: "status", code: 429, retryAfterSeconds: 1 });
  const begun = performance.now();
  await using watch = startWatching(setup);
  await watch.reflector.whenSynced(setup.signal);
  expect(performance.now() - begun).toBeGreaterThan(990);
});

test.each([
  { on: "list", fault: { kind: "status", code: 500 } },
  { on: "list", fault: { kind: "stall" } },
  { on: "list", fault: { kind: "reset" } },
  { on: "watch", fault: { kind: "status", code: 410 } },
  { on: "watch", fault: { kind: "status", code: 403 } },
  { on: "watch", fault: { kind: "expired" } },
  { on: "watch", fault: { kind: "cut-line" } },
  { on: "watch", fault: { kind: "end" } },
  { on: "watch", fault: { kind: "half-open" } },
  { on: "watch", fault: { kind: "slow-events", ms: 20 } },
] as const)("three times $fault of a $on are survived", async ({ on, fault }) => {
  await using setup = await setUp({ requestTimeoutMs: 100 });
  setup.api.fail({ on, times: 3 }, fault);
  put(setup, "a");
  await using watch = startWatching(setup, { timing: { silenceMs: 150 } });
  await eventually(
    () => setup.api.seen("watch").length > 0,
    () => "no watch",
  );
  put(setup, "b");
  const changes = await told(watch, 2);
  expect(changes[0]).toBe("added a initial");
  expect(changes[1]).toMatch(/^added b/);
  expect(names(watch)).toBe("a b");
});

test("events that never came are found by comparison with a fresh list", async () => {
  await using setup = await setUp({ bookmarkMs: 10 });
  setup.api.fail({ on: "watch" }, { kind: "bookmarks-only" });
  const timing = { driftCheckMs: 50, driftGraceMs: 20 };
  await using watch = await watching(setup, { timing });
  put(setup, "a");
  expect(await told(watch, 1)).toEqual(["added a"]);
  expect(watch.reflector.counters).toMatchObject({ drifts: 1, relists: 1, driftRelists: 1 });
});

test("a comparison that finds nothing wrong disturbs nothing", async () => {
  await using setup = await setUp({ bookmarkMs: 10 });
  put(setup, "a");
  await using watch = await watching(setup, { timing: { driftCheckMs: 10, driftGraceMs: 1 } });
  await eventually(
    () => setup.api.seen("list").length > 5,
    () => "no comparison",
  );
  const counters = { relists: 0, reconnects: 0, handlerErrors: 0, drifts: 0, ...none };
  expect(watch.reflector.counters).toEqual(counters);
});
