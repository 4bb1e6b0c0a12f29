import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

const slow = ["/engine/total", "/netpol/tree", "/netpol/search", "/test/mutation/"];

/** Exact tests have the first place, drawn cases the last. */
function placeOf({ moduleId }: TestSpecification): number {
  return 1 + slow.findIndex((part) => moduleId.includes(part));
}

/** Most defects are caught before the slow tests begin. */
class QuickFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((a, b) => placeOf(a) - placeOf(b)));
  }
}

// The tests that judge the core, for the mutation tester, which runs them once for each defect that
// it makes: few drawn cases, always the same ones.
export default defineConfig({
  test: {
    root: new URL("../../", import.meta.url).pathname,
    include: [
      "test/unit/{netpol,rules,engine}/**/*.test.ts",
      "test/unit/oracle/{examples,regressions}.test.ts",
      "test/rules.test.ts",
      "test/mutation/verdicts.test.ts",
    ],
    // Left out: what judges texts and patches, and what is slow under the tester's counters.
    exclude: [
      "test/unit/engine/cost.test.ts",
      "test/unit/rules/{patches,mended*}.test.ts",
      "test/unit/netpol/exposure/{docs,oracle,metamorphic,grants}.test.ts",
    ],
    setupFiles: ["test/mutation/setup.ts"],
    isolate: false,
    testTimeout: 60_000,
    sequence: { sequencer: QuickFirst },
  },
});
