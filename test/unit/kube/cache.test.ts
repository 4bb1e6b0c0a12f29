import { expect, test } from "vitest";
import {
  arrival,
  type Arrival,
  drop,
  type Entry,
  put,
  replaceAll,
} from "../../../src/kube/cache.ts";

function item(name: string, uid: string, version: string): Arrival<string> {
  const metadata = { name, uid, resourceVersion: version };
  return arrival({ metadata }, () => `${name} ${uid} ${version}`);
}

const first = { initial: true, rewound: false };
const later = { initial: false, rewound: false };

function cacheOf(...items: readonly Arrival<string>[]): Map<string, Entry<string>> {
  return new Map(items.map(({ key, entry }) => [key, entry]));
}

test("an unknown object is added, a newer state modifies it, the same state is no news", () => {
  const cache = cacheOf();
  expect([...put(cache, item("a", "1", "5"), first)]).toEqual([
    { type: "added", key: "a", object: "a 1 5", initial: true },
  ]);
  expect([...put(cache, item("a", "1", "6"))]).toEqual([
    { type: "modified", key: "a", object: "a 1 6", previous: "a 1 5", initial: false },
  ]);
  expect([...put(cache, item("a", "1", "6"))]).toEqual([]);
});

test("another uid under the same name is the end of one object and the beginning of another", () => {
  const cache = cacheOf(item("a", "1", "5"));
  const seen = [];
  for (const change of put(cache, item("a", "2", "9")))
    seen.push([change.type, change.object, cache.get("a")?.object]);
  expect(seen).toEqual([
    ["deleted", "a 1 5", undefined],
    ["added", "a 2 9", "a 2 9"],
  ]);
});

test("a deletion tells the last state", () => {
  const cache = cacheOf(item("a", "1", "5"));
  expect([...drop(cache, "a", item("a", "1", "8").entry)]).toEqual([
    { type: "deleted", key: "a", object: "a 1 8", previous: "a 1 5", initial: false },
  ]);
  expect(cache.size).toBe(0);
});

test("news of the end of an earlier bearer of the name changes nothing", () => {
  const cache = cacheOf(item("a", "2", "9"));
  expect([...drop(cache, "a", item("a", "1", "8").entry)]).toEqual([]);
  expect(cache.get("a")?.object).toBe("a 2 9");
});

test("a list tells what went, what came and what changed since", () => {
  const cache = cacheOf(item("gone", "1", "1"), item("same", "2", "2"), item("newer", "3", "3"));
  const listed = [item("same", "2", "2"), item("newer", "3", "7"), item("new", "4", "4")];
  const seen = Array.from(replaceAll(cache, listed, later), ({ type, key }) => `${type} ${key}`);
  expect(seen).toEqual(["deleted gone", "modified newer", "added new"]);
  expect([...cache.keys()]).toEqual(["same", "newer", "new"]);
});

test("after the server's history went back, an equal version is no proof of an equal object", () => {
  const metadata = { name: "a", uid: "1", resourceVersion: "5" };
  const before = arrival({ metadata }, () => 1);
  const after = arrival({ metadata }, () => 2);
  const cache = new Map([[before.key, before.entry]]);
  expect([...replaceAll(cache, [after], { initial: false, rewound: true })]).toEqual([
    { type: "modified", key: "a", object: 2, previous: 1, initial: false },
  ]);
});
