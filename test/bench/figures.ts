/** Milliseconds of one variant in one round. */
export type Sample = readonly number[];

/** The value below which the given share of the sample lies. */
export function quantile(sample: Sample, share: number): number {
  const sorted = Float64Array.from(sample).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(sample: Sample): number {
  return quantile(sample, 0.5);
}

/** Rounded to three decimals, for tables and JSON alike. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Prints rows as an aligned table, numbers to the right. */
export function printTable(rows: readonly Readonly<Record<string, string | number>>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => String(row[column]).length)),
  );
  const line = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return typeof cell === "number" ? String(cell).padStart(width) : cell.padEnd(width);
      })
      .join("  ");
  console.log(line(columns));
  for (const row of rows) console.log(line(columns.map((column) => row[column] ?? "")));
}
