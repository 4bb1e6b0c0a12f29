import { expect, test } from "vitest";
import { isStale } from "../../../src/controlplane/lock.ts";

const owner = { processId: 42, host: "here", token: "t" };
const alive = (): boolean => true;
const dead = (): boolean => false;

test("a lock whose process lives is respected", () => {
  expect(isStale(owner, 1_000, "here", alive)).toBe(false);
});

test("a lock whose process is gone is stale at once", () => {
  expect(isStale(owner, 0, "here", dead)).toBe(true);
});

test("a process of another host cannot be looked up: its lock counts until it falls silent", () => {
  expect(isStale(owner, 59_000, "elsewhere", dead)).toBe(false);
  expect(isStale(owner, 61_000, "elsewhere", dead)).toBe(true);
});

test("a lock that nobody renews is stale, though its process id was given to somebody else", () => {
  expect(isStale(owner, 61_000, "here", alive)).toBe(true);
});

test("a lock without a readable owner is being written, and stale only when it stays so", () => {
  expect(isStale(undefined, 100, "here", dead)).toBe(false);
  expect(isStale(undefined, 61_000, "here", alive)).toBe(true);
});
