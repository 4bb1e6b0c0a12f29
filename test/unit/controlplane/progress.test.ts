import { expect, test } from "vitest";
import { createProgress, formatElapsed } from "../../../src/controlplane/progress.ts";

function record(
  isTTY: boolean,
): Readonly<{ written: string[]; stream: { isTTY: boolean; write: (text: string) => void } }> {
  const written: string[] = [];
  return { written, stream: { isTTY, write: (text) => void written.push(text) } };
}

test.each([
  [0, "0:00"],
  [999, "0:00"],
  [65_400, "1:05"],
  [3_600_000, "60:00"],
])("%d milliseconds are shown as %s", (milliseconds, shown) => {
  expect(formatElapsed(milliseconds)).toBe(shown);
});

test("a log receives a line when a step begins and one with its time when it ends", () => {
  const { written, stream } = record(false);
  let time = 0;
  const step = createProgress(stream, () => time).begin("building etcd");
  time = 17_000;
  step.end("done");
  expect(written).toEqual(["  building etcd ...\n", "  building etcd: done (0:17)\n"]);
});

test("a terminal shows the step on one line, which its outcome replaces", () => {
  const { written, stream } = record(true);
  let time = 0;
  const step = createProgress(stream, () => time).begin("building etcd");
  time = 17_000;
  step.end("failed");
  expect(written).toEqual(["  building etcd: 0:00", "\r\u001B[K  building etcd: failed (0:17)\n"]);
});
