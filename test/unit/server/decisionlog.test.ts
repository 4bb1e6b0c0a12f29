import { Writable } from "node:stream";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { Decision } from "../../../src/admission/ports.ts";
import { createDecisionLog } from "../../../src/server/decisionlog.ts";

const decision: Decision = {
  webhook: "gate",
  uid: "u",
  operation: "CREATE",
  resource: "pods",
  namespace: "shop",
  name: "web-0",
  user: "jane",
  dryRun: false,
  decision: "allow",
  because: "isolated",
  patched: false,
  milliseconds: 3,
};

function linesAt(level: string, decisions: readonly Decision[]): readonly unknown[] {
  const lines: unknown[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()));
      done();
    },
  });
  const recorder = createDecisionLog(pino({ level, base: null, timestamp: false }, stream));
  for (const each of decisions) recorder.record(each);
  return lines;
}

test("a decision is one line with its fields", () => {
  expect(linesAt("info", [decision])).toEqual([{ level: 30, ...decision, msg: "decision" }]);
});

test("a decision that met an error is a warning, also where decisions are not logged", () => {
  const [line] = linesAt("warn", [decision, { ...decision, error: new Error("refused") }]);
  expect(line).toMatchObject({ level: 40, uid: "u", err: { message: "refused" } });
});
