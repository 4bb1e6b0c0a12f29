import { expect, test } from "vitest";
import { Freshest } from "../../../src/isolation/freshest.ts";
import type { Change } from "../../../src/isolation/ports.ts";

type Thing = { readonly metadata: { readonly uid: string; readonly resourceVersion: string } };

function thing(resourceVersion: string, uid = "u"): Thing {
  return { metadata: { uid, resourceVersion } };
}

function change(type: Change<Thing>["type"], object: Thing): Change<Thing> {
  return { type, key: "k", object, initial: false };
}

function noted(object: Thing): Freshest<Thing> {
  const freshest = new Freshest<Thing>();
  freshest.begin("k");
  freshest.end("k", object, 0);
  return freshest;
}

test("the answer to a write counts until the cache has it", () => {
  const freshest = noted(thing("10"));

  expect(freshest.pick("k", undefined, 1)).toEqual(thing("10"));
  expect(freshest.pick("k", thing("9"), 1)).toEqual(thing("10"));
  expect(freshest.pick("k", thing("100"), 1)).toEqual(thing("100"));
  expect(freshest.pick("k", undefined, 1)).toBeUndefined();
});

test("versions are compared as numbers, not as text", () => {
  expect(noted(thing("9")).pick("k", thing("10"), 1)).toEqual(thing("10"));
});

test("an answer that the watch does not confirm is believed for ten seconds", () => {
  const freshest = noted(thing("10"));

  expect(freshest.believedForMs("k", 4000)).toBe(6000);
  expect(freshest.pick("k", undefined, 9999)).toEqual(thing("10"));
  expect(freshest.pick("k", undefined, 10_000)).toBeUndefined();
  expect(freshest.believedForMs("k", 10_000)).toBe(0);
});

test.for([
  ["a change from before the write", change("modified", thing("9")), true],
  ["the write itself", change("added", thing("10")), false],
  ["a later change", change("modified", thing("11")), false],
  [
    "the deletion of what was written, as an old list knew it",
    change("deleted", thing("9")),
    false,
  ],
  ["the earlier deletion of something else", change("deleted", thing("9", "other")), true],
] as const)("after %s the answer counts: %s", ([, seen, counts]) => {
  const freshest = noted(thing("10"));

  freshest.seen(seen);

  expect(freshest.pick("k", undefined, 1)).toEqual(counts ? thing("10") : undefined);
});

test("an answer that comes later than the watch's news of what followed is not believed", () => {
  const freshest = new Freshest<Thing>();
  freshest.begin("k");
  freshest.seen(change("added", thing("10")));
  freshest.seen(change("deleted", thing("11")));

  freshest.end("k", thing("10"), 0);

  expect(freshest.pick("k", undefined, 1)).toBeUndefined();
});

test("old news during a write does not spoil its answer", () => {
  const freshest = new Freshest<Thing>();
  freshest.begin("k");
  freshest.seen(change("deleted", thing("9")));

  freshest.end("k", thing("10"), 0);

  expect(freshest.pick("k", undefined, 1)).toEqual(thing("10"));
});

test("without readable versions the cache is right", () => {
  expect(noted(thing("x")).pick("k", thing("y"), 1)).toEqual(thing("y"));
});
