import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { createSharing } from "../../../src/wiring/sharing.ts";

type Value = { readonly text: string };
const textOf = ({ text }: Value): string => text;

test("equal values are one object, others are not", () => {
  const share = createSharing(textOf);
  const first = share({ text: "a" });
  expect(share({ text: "a" })).toBe(first);
  expect(share({ text: "b" })).toEqual({ text: "b" });
  expect(share({ text: "a" })).toBe(first);
});

test("what nobody holds any more is let go, and shared anew when it comes again", async () => {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("no gc");
  const share = createSharing(textOf);
  const seen = new WeakRef(share({ text: "a" }));
  await vi.waitFor(() => {
    collect();
    // An assertion on the object itself would hold it.
    expect(seen.deref() === undefined).toBe(true);
  });
  const again = share({ text: "a" });
  expect(share({ text: "a" })).toBe(again);
});
