import { describe, expect, test } from "vitest";
import type { DefaultDeny } from "../../../src/api/names.ts";
import { createSince, planSince, type SinceRecord } from "../../../src/isolation/since.ts";
import { createFakeClock } from "./fakeclock.ts";

const now = 5000;
const record = { installation: "one", sinceMs: 1000 };

describe("what is recorded", () => {
  test.each([
    ["nothing yet: now", "enabled", { installation: "one" }, { installation: "one", sinceMs: now }],
    [
      "for another installation: now",
      "enabled",
      { installation: "two", record },
      { installation: "two", sinceMs: now },
    ],
    [
      "while new namespaces are not isolated: nothing",
      "audit",
      { installation: "one", record },
      undefined,
    ],
  ] as const)("%s", (_name, setting, found, written) => {
    expect(planSince(setting, found, now)).toEqual({ step: "write", record: written });
  });

  test.each([
    ["the record of this installation stays", "enabled", { installation: "one", record }, 1000],
    [
      "without a registration there is nothing to record",
      "enabled",
      { installation: undefined, record },
      undefined,
    ],
    [
      "no record is fine while new namespaces are not isolated",
      "disabled",
      { installation: "one" },
      undefined,
    ],
  ] as const)("%s", (_name, setting, found, sinceMs) => {
    expect(planSince(setting, found, now)).toEqual({ step: "keep", sinceMs });
  });
});

function keeping(
  stored?: SinceRecord,
  world: { readonly installation?: string; readonly isDown?: boolean } = { installation: "one" },
) {
  const clock = createFakeClock();
  const state = {
    clock,
    setting: "enabled" as DefaultDeny,
    installation: world.installation,
    record: stored,
    isDown: world.isDown ?? false,
    changes: Array.of<number | undefined>(),
    errors: 0,
  };
  const since = createSince({
    store: {
      read: async () => {
        if (state.isDown) throw new Error("down");
        const { installation } = state;
        return state.record ? { installation, record: state.record } : { installation };
      },
      write: async (next) => void (state.record = next),
    },
    newNamespaces: () => state.setting,
    nowMs: () => 10_000 + clock.now(),
    onChange: () => state.changes.push(since.current()),
    onError: () => (state.errors += 1),
    clock,
  });
  const abort = new AbortController();
  void since.start(abort.signal);
  return { ...since, state };
}

test("what an earlier process recorded is found again", async () => {
  const { state } = keeping(record);
  await state.clock.advance(0);
  expect(state.changes).toEqual([1000]);
  expect(state.record).toEqual(record);
});

test("the record begins with the registration, and outages are waited out", async () => {
  const { state } = keeping(undefined, { isDown: true });
  await state.clock.advance(14_000);
  // Asked at 0, 5 and, with longer pauses, next at 15 s; told once.
  expect([state.errors, state.changes]).toEqual([1, []]);
  state.isDown = false;
  await state.clock.advance(2000);
  expect(state.changes).toEqual([]);
  state.installation = "one";
  await state.clock.advance(4000);
  expect(state.changes).toEqual([30_000]);
  expect(state.record).toEqual({ installation: "one", sinceMs: 30_000 });
});

test("switched off and on again it begins anew", async () => {
  const { state, ask } = keeping(record);
  await state.clock.advance(0);
  state.setting = "audit";
  ask();
  await state.clock.advance(1);
  expect(state.record).toBeUndefined();
  state.setting = "enabled";
  ask();
  await state.clock.advance(1);
  expect(state.changes).toEqual([1000, undefined, 10_001]);
});
