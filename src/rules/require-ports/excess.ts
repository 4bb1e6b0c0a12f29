import type { Peer } from "../../netpol/model.ts";
import type { Protocol } from "../../netpol/ports.ts";

/** A peer with too many ports; where several add up, the one that has most of them. */
export type Excess = {
  readonly peer: Peer;
  readonly protocol: Protocol;
  readonly count: bigint;
  /** Paths of further rules, for the same pods or for overlapping blocks, whose ports add up. */
  readonly others: readonly string[];
  readonly witness: string;
};
