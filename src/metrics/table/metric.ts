/** Which process has it: `dev` and `start` have all. */
export type Component = "webhook" | "controller";

/** One row of the table. */
export type Metric = {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly name: string;
  readonly labels: readonly string[];
  readonly help: string;
  readonly in: readonly Component[];
  /** Upper bounds of a histogram, in the unit of its name. */
  readonly buckets?: readonly number[];
};
