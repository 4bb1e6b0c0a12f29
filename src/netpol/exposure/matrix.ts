import type { Cluster, PodClass } from "./cluster.ts";
import { createReaches, nothing, perhaps, type Reach } from "./reach.ts";
import { createRows, type Row } from "./row.ts";

/** Who can talk to whom, class by class. */
export type Matrix = {
  readonly classes: readonly PodClass[];
  /**
   * From one class to each class, by position: numbers to ask `reach` for. From a class to itself
   * means from one of its pods to another; where there is only one pod, it is loop-back.
   */
  readonly row: (from: number) => Row;
  readonly reach: (number: number) => Reach;
};

/** The matrix of a cluster. Rows are computed when they are asked for: keep what is needed. */
export function createMatrix(cluster: Cluster): Matrix {
  const { classes } = cluster;
  const reaches = createReaches();
  const rows = createRows(cluster, reaches);
  return {
    classes,
    row(from) {
      const source = classes[from];
      if (source === undefined) throw new RangeError(`no class ${from}`);
      const out = rows.own(source, "egress");
      const into = rows.others(source, "ingress");
      if (source.pods.length === 1) {
        for (const [row, { policies }] of [
          [out, source.egress],
          [into, source.ingress],
        ] as const) {
          if (policies.length > 0) row[from] = reaches.union(row[from] ?? nothing, perhaps);
        }
      }
      for (let to = 0; to < out.length; to += 1) {
        const egress = out[to] ?? nothing;
        if (egress !== nothing) out[to] = reaches.intersection(egress, into[to] ?? nothing);
      }
      return out;
    },
    reach: (number) => reaches.get(number),
  };
}
