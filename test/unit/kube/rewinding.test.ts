import { expect, test } from "vitest";
import type { ReflectorTiming } from "../../../src/kube/timing.ts";
import { Scene } from "./reflectorscene.ts";
import type { Write } from "./reflectorsteps.ts";

const random = (): number => 0.5;

function put(name: string, team: string): Write {
  return { do: "put", name, team, phase: "Active" };
}

/** A reflector that has listed; a backup and a later time lie behind the server. */
async function sceneAfter(
  before: readonly Write[],
  after: readonly Write[],
  timing: Partial<ReflectorTiming> = {},
): Promise<Scene> {
  const scene = new Scene({ selection: {}, pageSize: 2, random, timing });
  scene.age(before, after);
  scene.reflector.start(new AbortController().signal);
  await scene.clock.advance(1000);
  return scene;
}

function kinds({ server }: Scene): string {
  return server.requests.map(({ kind }) => kind).join(" ");
}

test("a store that was restored from a backup is noticed when the watch from its future stays silent", async () => {
  const scene = await sceneAfter([put("a", "x"), put("b", "x")], [put("c", "x")]);
  await scene.take({ do: "restore", writes: [{ do: "remove", name: "b" }] });
  expect(scene.reflector.list().map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
  await scene.clock.advance(12_000);
  expect(scene.reflector.list().map(({ metadata }) => metadata.name)).toEqual(["a"]);
  expect(scene.reflector.counters).toMatchObject({ relists: 1, expired: 1, drifts: 0 });
});

test("a version that a restored store gives out again does not hide another state", async () => {
  const scene = await sceneAfter([put("a", "x")], [put("a", "y")]);
  const { uid, resourceVersion } = scene.reflector.get("a")?.metadata ?? {};
  await scene.take({ do: "restore", writes: [put("a", "z")] });
  await scene.clock.advance(12_000);
  expect(scene.reflector.get("a")?.metadata).toMatchObject({ uid, resourceVersion });
  expect(scene.reflector.get("a")?.metadata.labels?.["team"]).toBe("z");
  expect(scene.pictures().copies[2]).toBe(scene.pictures().truth);
});

test("a watch that is silent because nothing happens costs one small question, and no list", async () => {
  const scene = await sceneAfter([put("a", "x")], []);
  await scene.clock.advance(30_000);
  expect(kinds(scene)).toBe("list watch metadata watch metadata watch");
  expect(scene.reflector.counters).toMatchObject({ relists: 0, reconnects: 0 });
});

test("a watch with news is followed by the next one without a question", async () => {
  const scene = await sceneAfter([put("a", "x")], []);
  await scene.take(put("a", "y"));
  await scene.clock.advance(12_000);
  expect(kinds(scene)).toBe("list watch watch");
});

test("a question that is refused is asked again when the server wants it, and no watch waits for it", async () => {
  const scene = await sceneAfter([put("a", "x")], []);
  await scene.take({
    do: "fail",
    on: "list",
    fault: { kind: "status", code: 429, retryAfterSeconds: 15 },
  });
  await scene.clock.advance(40_000);
  expect(kinds(scene)).toBe("list watch metadata watch watch metadata watch");
  expect(scene.early()).toEqual([]);
});

test("a question that is never answered holds nothing up", async () => {
  const scene = await sceneAfter([put("a", "x")], []);
  await scene.take({ do: "fail", on: "list", fault: { kind: "stall" } });
  await scene.clock.advance(12_000);
  expect(kinds(scene)).toBe("list watch metadata watch");
  await scene.take(put("a", "y"));
  await scene.clock.advance(10);
  expect(scene.reflector.get("a")?.metadata.labels?.["team"]).toBe("y");
});

test("a comparison with a fresh list waits while the server asked for time", async () => {
  const scene = await sceneAfter([put("a", "x")], [], { driftCheckMs: 20_000 });
  await scene.take({
    do: "fail",
    on: "watch",
    fault: { kind: "status", code: 503, retryAfterSeconds: 40 },
  });
  await scene.take({ do: "reset" });
  await scene.clock.advance(45_000);
  expect(scene.early()).toEqual([]);
});
