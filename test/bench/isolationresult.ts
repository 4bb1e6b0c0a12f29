import { printTable } from "./figures.ts";

/** A wall-clock target: reported, never asserted, because machines differ. */
export type Target = {
  readonly what: string;
  readonly figure: number;
  readonly atMost: number;
};

/** What one part of the measurement found out. */
export type Result = {
  readonly part: string;
  readonly figures: unknown;
  readonly targets: readonly Target[];
  /** What must not happen on any machine. */
  readonly problems: readonly string[];
};

/** Prints which targets were met. */
export function printTargets(results: readonly Result[]): void {
  const rows = results.flatMap(({ part, targets }) =>
    targets.map(({ what, figure, atMost }) => ({
      part,
      what,
      figure,
      "at most": atMost,
      target: figure <= atMost ? "met" : "missed",
    })),
  );
  printTable(rows);
}
