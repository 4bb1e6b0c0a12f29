import { expect, test } from "vitest";
import { eventually, setUp } from "./setup.ts";
import { names, path, put, startWatching, told, watching } from "./watching.ts";

test("what is there is initial, what comes later is told as it comes", async () => {
  await using setup = await setUp();
  put(setup, "a", "b");
  await using watch = startWatching(setup);
  expect(watch.reflector.synced).toBe(false);
  await watch.reflector.whenSynced(setup.signal);
  expect(watch.seen).toEqual(["added a initial", "added b initial"]);
  await eventually(
    () => setup.api.watches().length === 1,
    () => "no watch",
  );
  put(setup, "c");
  setup.api.put(`${path}/a`, { metadata: { labels: { x: "y" } } });
  setup.api.recreate(`${path}/b`);
  setup.api.remove(`${path}/c`);
  expect(await told(watch, 7, 2)).toEqual([
    "added c",
    "modified a",
    "deleted b",
    "added b",
    "deleted c",
  ]);
  expect(watch.reflector.get("a")?.metadata.labels).toEqual({ x: "y" });
});

test("a listener finds the copy in the state that follows the change", async () => {
  await using setup = await setUp();
  const states: (string | undefined)[] = [];
  await using watch = await watching(setup);
  watch.reflector.subscribe(({ key }) => {
    states.push(watch.reflector.get(key)?.metadata.uid);
  });
  put(setup, "a");
  const first = setup.api.get(`${path}/a`)?.metadata.uid;
  const second = setup.api.recreate(`${path}/a`).metadata.uid;
  await told(watch, 3);
  expect(states).toEqual([first, undefined, second]);
});

test("a listener that throws hears the next change all the same", async () => {
  await using setup = await setUp();
  await using watch = await watching(setup, {
    onChange: () => {
      throw new Error("broken");
    },
  });
  put(setup, "a", "b");
  expect(await told(watch, 2)).toEqual(["added a", "added b"]);
  expect(watch.reflector.counters.handlerErrors).toBe(2);
});

test("an object that turns unreadable is gone rather than out of date", async () => {
  await using setup = await setUp();
  put(setup, "a", "b");
  await using watch = await watching(setup, {
    transform: (object) => {
      if (object.metadata.labels?.["bad"]) throw new Error("unreadable");
      return object;
    },
  });
  setup.api.put(`${path}/a`, { metadata: { labels: { bad: "yes" } } });
  expect(await told(watch, 3, 2)).toEqual(["deleted a"]);
  expect(names(watch)).toBe("b");
  expect(watch.reflector.counters.handlerErrors).toBe(1);
});

test("a selection sees objects come and go as they begin and cease to match", async () => {
  await using setup = await setUp();
  await using watch = await watching(setup, { resource: { path, labelSelector: "team=x" } });
  put(setup, "a");
  setup.api.put(`${path}/a`, { metadata: { labels: { team: "x" } } });
  setup.api.put(`${path}/a`, { metadata: { labels: { team: "y" } } });
  expect(await told(watch, 2)).toEqual(["added a", "deleted a"]);
});

test("the server is asked for a bookmarked watch of 9 to 12 seconds", async () => {
  await using setup = await setUp();
  await using watch = await watching(setup, { random: () => 0.999 });
  expect(watch.reflector.counters.reconnects).toBe(0);
  expect(Object.fromEntries(setup.api.seen("watch")[0]?.query ?? [])).toEqual({
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: "1000",
    timeoutSeconds: "12",
  });
});

test("a disposed reflector closes its watch and tells nothing more", async () => {
  await using setup = await setUp();
  const watch = await watching(setup);
  await watch[Symbol.asyncDispose]();
  await eventually(
    () => setup.api.watches().length === 0,
    () => "still watching",
  );
  put(setup, "a");
  expect(watch.seen).toEqual([]);
});

test("waiting for the first list ends with the waiter's signal", async () => {
  await using setup = await setUp();
  setup.api.fail({ on: "list", times: Infinity }, { kind: "status", code: 403 });
  await using watch = startWatching(setup);
  const waiting = watch.reflector.whenSynced(AbortSignal.timeout(50));
  await expect(waiting).rejects.toThrow("timeout");
  expect(watch.reflector.stalenessMs(performance.now())).toBe(Infinity);
});
