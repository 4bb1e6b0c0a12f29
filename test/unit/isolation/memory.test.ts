import { expect, test } from "vitest";
import type { Namespace } from "../../../src/api/namespace.ts";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { Memory } from "../../../src/isolation/memory.ts";
import type { Change, Written } from "../../../src/isolation/ports.ts";

function namespace(resourceVersion: string, uid = "one"): Namespace {
  return { metadata: { name: "a", uid, resourceVersion } };
}

function policy(resourceVersion: string): NetworkPolicy {
  return { metadata: { uid: `p${resourceVersion}`, resourceVersion } };
}

function change(type: Change<Namespace>["type"], object: Namespace): Change<Namespace> {
  return { type, key: "a", object, initial: false };
}

function written<T>(object: T): Promise<Written<T>> {
  return Promise.resolve({ outcome: "written", object });
}

function remembering(cached?: NetworkPolicy): Memory {
  return new Memory({ namespaces: { get: () => undefined }, policies: { get: () => cached } });
}

const now = () => 0;

test("a cached deny-all is that of the namespace", () => {
  expect(remembering(policy("5")).managed("a", 0)).toEqual(policy("5"));
});

test("after a namespace has ended, its cached deny-all is not that of the next one", () => {
  const memory = remembering(policy("5"));

  memory.sawNamespace(change("deleted", namespace("8")), "enabled", 0);

  expect(memory.managed("a", 0)).toBeUndefined();
});

test("not even when the list that missed the namespace knew an older version of it", () => {
  const memory = remembering(policy("5"));

  memory.sawNamespace(change("deleted", namespace("3")), "enabled", 0);

  expect(memory.managed("a", 0)).toBeUndefined();
});

test("a deny-all that was written for the next namespace is, even if the floor was set too high", async () => {
  const memory = remembering(policy("5"));
  memory.sawNamespace(change("deleted", namespace("3")), "enabled", 0);

  await memory.writePolicy("a", written(policy("5")), now);

  expect(memory.managed("a", 0)).toEqual(policy("5"));
});

test("an answer that arrives after the namespace has ended is forgotten", async () => {
  const memory = remembering();
  const answer = Promise.withResolvers<Written<NetworkPolicy>>();
  const write = memory.writePolicy("a", answer.promise, now);

  memory.sawNamespace(change("deleted", namespace("8")), "enabled", 0);
  answer.resolve({ outcome: "written", object: policy("9") });
  await write;

  expect(memory.managed("a", 0)).toBeUndefined();
  expect(memory.believedForMs("a", 0)).toBe(0);
});

test("and does not make the deny-all of a former namespace count again", async () => {
  const memory = remembering(policy("5"));
  memory.sawNamespace(change("deleted", namespace("6", "one")), "enabled", 0);
  const answer = Promise.withResolvers<Written<NetworkPolicy>>();
  const write = memory.writePolicy("a", answer.promise, now);

  memory.sawNamespace(change("deleted", namespace("8", "two")), "enabled", 0);
  answer.resolve({ outcome: "written", object: policy("5") });
  await write;

  expect(memory.managed("a", 0)).toBeUndefined();
});

test("a failed write leaves nothing behind", async () => {
  const memory = remembering();

  const write = memory.writeNamespace("a", Promise.reject(new Error("reset")), now);

  await expect(write).rejects.toThrow("reset");
  expect(memory.namespace("a", 0)).toBeUndefined();
});

test("a namespace counts as new by the setting of the moment when it appeared", () => {
  const memory = remembering();

  memory.sawNamespace(change("added", namespace("1", "new")), "enabled", 0);
  memory.sawNamespace({ ...change("added", namespace("1", "old")), initial: true }, "enabled", 0);
  memory.sawNamespace(change("modified", namespace("2", "new")), "audit", 0);
  memory.sawNamespace(change("modified", namespace("2", "old")), "audit", 0);

  expect(memory.appeared("new")).toEqual({ setting: "enabled", seenMs: 0 });
  expect(memory.appeared("old")).toBeUndefined();
});

test("the end of a namespace is the end of what is known about it", () => {
  const memory = remembering();
  memory.sawNamespace(change("added", namespace("1")), "enabled", 0);
  memory.spent("one", 0);

  memory.sawNamespace(change("deleted", namespace("2")), "enabled", 0);

  expect(memory.appeared("one")).toBeUndefined();
  expect(memory.effort("one")).toBeUndefined();
});

test("contention is news once after each write", () => {
  const memory = remembering();

  expect(memory.isNews("one")).toBe(false);
  memory.spent("one", 0);
  expect([memory.isNews("one"), memory.isNews("one")]).toEqual([true, false]);
  memory.spent("one", 0);
  expect(memory.isNews("one")).toBe(true);
});
