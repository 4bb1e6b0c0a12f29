import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Change } from "../../../src/kube/cache.ts";
import { createObjectIndex } from "../../../src/wiring/objectindex.ts";

type Kind = { readonly kind: string };
const kinds: readonly (Kind | undefined)[] = [{ kind: "web" }, { kind: "db" }, undefined];

type Changed = Change<Kind | undefined>;

/** A copy as a reflector keeps it, and an index that listens to its changes. */
function copy() {
  const entries = new Map<string, Kind | undefined>();
  const listeners: ((change: Changed) => void)[] = [];
  const index = createObjectIndex<Kind>({
    subscribe: (listener) => {
      listeners.push(listener);
      return () => {};
    },
  });
  const tell = (change: Pick<Changed, "type" | "key" | "object">): void => {
    const { key } = change;
    const previous = entries.has(key) ? { previous: entries.get(key) } : {};
    if (change.type === "deleted") entries.delete(key);
    else entries.set(key, change.object);
    for (const listener of listeners) listener({ ...change, ...previous, initial: false });
  };
  return {
    entries,
    index,
    put: (key: string, object: Kind | undefined) =>
      tell({ type: entries.has(key) ? "modified" : "added", key, object }),
    // The last state of an object need not be the one that was seen before.
    drop: (key: string, object?: Kind) => {
      if (entries.has(key)) tell({ type: "deleted", key, object });
    },
  };
}

test("objects are listed by namespace, and what several share is listed once", () => {
  const [web, db] = kinds;
  const { index, put: set, drop: remove } = copy();
  set("shop/web-1", web);
  set("shop/web-2", web);
  set("shop/db-0", db);
  set("pay/web-1", web);
  expect(index).toEqual(
    new Map([
      ["shop", [web, db]],
      ["pay", [web]],
    ]),
  );
  remove("shop/web-1");
  remove("pay/web-1");
  expect(index).toEqual(new Map([["shop", [web, db]]]));
  set("shop/web-2", db);
  expect(index).toEqual(new Map([["shop", [db]]]));
  set("shop/db-0", undefined);
  set("shop/web-2", undefined);
  expect(index.size).toBe(0);
});

test("whatever happens, the index holds what the copy holds", () => {
  const step = fc.record({
    key: fc.constantFrom("a/1", "a/2", "a/3", "b/1", "b/2"),
    does: fc.constantFrom("put", "put", "drop"),
    kind: fc.nat(kinds.length - 1),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { entries, index, put: set, drop: remove } = copy();
      for (const { key, does, kind } of steps) {
        if (does === "put") set(key, kinds[kind]);
        else remove(key, kinds[kind]);
        const expected = new Map<string, Set<Kind>>();
        for (const [name, object] of entries) {
          const namespace = name.slice(0, 1);
          if (object === undefined) continue;
          expected.set(namespace, (expected.get(namespace) ?? new Set<Kind>()).add(object));
        }
        expect(new Map([...index].map(([name, list]) => [name, new Set(list)]))).toEqual(expected);
        for (const [name, list] of index) expect(list).toHaveLength(expected.get(name)?.size ?? 0);
      }
    }),
  );
});
