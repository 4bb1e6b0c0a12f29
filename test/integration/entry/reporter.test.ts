import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../../../src/controlplane/command.ts";

const repository = resolve(import.meta.dirname, "../../..");

/** Runs vitest with our reporter on files made of these texts, and returns the counts it wrote. */
async function countsOf(files: Readonly<Record<string, string>>): Promise<unknown> {
  const root = mkdtempSync(join(tmpdir(), "ringfence-reporter-"));
  const counts = join(root, "counts.json");
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
  const vitest = join(repository, "node_modules/vitest/vitest.mjs");
  const reporter = join(repository, "scripts/run/reporter.ts");
  const args = [vitest, "run", "--root", root, "--globals", `--reporter=${reporter}`];
  const environment = { PATH: process.env["PATH"], RINGFENCE_COUNTS: counts };
  try {
    await runCommand(process.execPath, args, { environment }, AbortSignal.timeout(25_000));
    return JSON.parse(readFileSync(counts, "utf8"));
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("passed, failed and skipped tests are counted by project", async () => {
  const config =
    'export default { test: { globals: true, projects: [{ test: { name: "a", globals: true, include: ["a.test.ts"] } },' +
    '{ test: { name: "b", globals: true, include: ["b.test.ts"] } }] } };';
  const counts = await countsOf({
    "vitest.config.ts": config,
    "a.test.ts":
      'test("1", () => {}); test.skip("2", () => {}); test.todo("3"); test("4", (t) => t.skip());',
    "b.test.ts":
      'test("1", () => { expect(1).toBe(2); }); test.fails("2", () => { expect(1).toBe(2); });',
  });
  expect(counts).toEqual({
    a: { passed: 1, failed: 0, skipped: 3 },
    b: { passed: 1, failed: 1, skipped: 0 },
  });
});

test("a file that cannot be loaded, a failing hook and an error outside tests are failures", async () => {
  const counts = await countsOf({
    "load.test.ts": 'import "./missing.ts";',
    "hook.test.ts": 'beforeAll(() => { throw new Error("hook"); }); test("1", () => {});',
    "late.test.ts":
      'test("1", () => { setTimeout(() => { throw new Error("late"); }, 0); });' +
      'test("2", () => new Promise((resolve) => setTimeout(resolve, 200)));',
  });
  expect(counts).toEqual({
    "": { passed: 2, failed: 2, skipped: 1 },
    "outside tests": { passed: 0, failed: 1, skipped: 0 },
  });
});
