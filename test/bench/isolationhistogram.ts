import { median, quantile, round, type Sample } from "./figures.ts";

/** Upper ends in milliseconds; what is above the last one has a bucket of its own. */
const ends = [5, 10, 15, 20, 30, 50, 75, 100, 150, 250, 500, 1000, 2500, 5000] as const;

export type Distribution = {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly worst: number;
};

/** The usual figures of a sample of milliseconds. */
export function distribution(sample: Sample): Distribution {
  return {
    count: sample.length,
    p50: round(median(sample)),
    p90: round(quantile(sample, 0.9)),
    p99: round(quantile(sample, 0.99)),
    worst: round(Math.max(...sample)),
  };
}

/** How many of a sample lie in each bucket: not above this end, but above the one before. */
export function buckets(sample: Sample): Readonly<Record<string, number>> {
  const all = [...ends, Number.POSITIVE_INFINITY];
  const counts = all.map((end, index) => {
    const begin = all[index - 1] ?? Number.NEGATIVE_INFINITY;
    return [String(end), sample.filter((one) => one > begin && one <= end).length] as const;
  });
  return Object.fromEntries(counts);
}

/** Prints the buckets between the first and the last that hold anything. */
export function printHistogram(sample: Sample): void {
  const rows = Object.entries(buckets(sample));
  const first = rows.findIndex(([, count]) => count > 0);
  const last = rows.findLastIndex(([, count]) => count > 0);
  for (const [end, count] of rows.slice(Math.max(0, first), last + 1)) {
    const bar = "#".repeat(Math.ceil((count * 50) / sample.length));
    const label = end === "Infinity" ? "more" : `≤ ${end} ms`;
    console.log(`  ${label.padStart(9)}  ${String(count).padStart(5)}  ${bar}`);
  }
}
