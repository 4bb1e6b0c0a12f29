import { expect, test } from "vitest";
import { mayRunE2e, parseTestCommand } from "../../../scripts/run/selection.ts";
import { renderCounts, totalOf } from "../../../scripts/run/counts.ts";

const e2eFiles = ["test/e2e/validate.test.ts", "test/e2e/gate.test.ts"];

test("our own flags are taken out, in both spellings, and the rest goes to vitest", () => {
  expect(
    parseTestCommand(["--project", "unit", "--kubernetes", "1.34", "--require-e2e", "-t", "x"]),
  ).toEqual({
    kubernetes: "1.34",
    requireE2e: true,
    vitestArguments: ["--project", "unit", "-t", "x"],
  });
  expect(parseTestCommand(["--kubernetes=1.35"])).toEqual({
    kubernetes: "1.35",
    requireE2e: false,
    vitestArguments: [],
  });
});

test("--kubernetes without a version is a version that is not supported, not the default", () => {
  expect(parseTestCommand(["--kubernetes"]).kubernetes).toBe("");
});

test.each([
  [[], true],
  [["--project", "e2e"], true],
  [["--project=e*"], true],
  [["--project", "unit", "--project", "e2e"], true],
  [["--project", "unit"], false],
  [["--project=unit", "--project=integration"], false],
  [["--project", "!e2e"], false],
  [["--project=!unit"], true],
  [["test/unit/netpol"], false],
  [["./test/unit/netpol"], false],
  [["test/e2e/gate.test.ts"], true],
  [["./test/e2e/gate"], true],
  [["test/"], true],
  [["-t", "refuses"], true],
  [["refuses"], true],
])("vitest with %j may run e2e tests: %s", (args, expected) => {
  expect(mayRunE2e(args, e2eFiles)).toBe(expected);
});

test("the last line has the sum over all projects", () => {
  const run = {
    unit: { passed: 10, failed: 1, skipped: 0 },
    e2e: { passed: 5, failed: 0, skipped: 2 },
  };
  expect(renderCounts(totalOf(run))).toBe("15 passed, 1 failed, 2 skipped");
  expect(renderCounts(totalOf({}))).toBe("0 passed, 0 failed, 0 skipped");
});
