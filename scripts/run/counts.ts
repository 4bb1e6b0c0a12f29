export type Counts = Readonly<{ passed: number; failed: number; skipped: number }>;

/** The counts of one vitest run by project; what belongs to no test (a broken file) is a failure too. */
export type RunCounts = Readonly<Record<string, Counts>>;

export const noTests: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Adds up the projects. */
export function totalOf(run: RunCounts): Counts {
  return Object.values(run).reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    noTests,
  );
}

/** The last line of `npm test`. */
export function renderCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
