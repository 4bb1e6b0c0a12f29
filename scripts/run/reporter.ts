import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import { noTests, type Counts, type RunCounts } from "./counts.ts";

/** A vitest reporter that writes the counts of each project to the file in RINGFENCE_COUNTS. */
// oxlint-disable-next-line import/no-default-export -- vitest loads reporters by their default export
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const run: Record<string, Counts> = {};
    for (const module of modules) {
      const { name } = module.project;
      run[name] = add(run[name] ?? noTests, countModule(module));
    }
    if (unhandledErrors.length > 0)
      run["outside tests"] = { ...noTests, failed: unhandledErrors.length };
    const file = process.env["RINGFENCE_COUNTS"];
    if (file !== undefined) writeFileSync(file, JSON.stringify(run satisfies RunCounts));
  }
}

function countModule(module: TestModule): Counts {
  let counts = noTests;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    // "pending" at the end of a run: it was begun and did not come to an end.
    if (state === "passed") counts = add(counts, { ...noTests, passed: 1 });
    else if (state === "skipped") counts = add(counts, { ...noTests, skipped: 1 });
    else counts = add(counts, { ...noTests, failed: 1 });
  }
  // A file that cannot be loaded, or whose hook fails, has no failed test to show for it.
  const isBroken = module.state() === "failed" && counts.failed === 0;
  return isBroken ? add(counts, { ...noTests, failed: 1 }) : counts;
}

function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}
