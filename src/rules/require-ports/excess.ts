import type { PolicyRule } from "../../netpol/model.ts";
import type { Protocol } from "../../netpol/ports.ts";

/** A peer with too many ports, reported at the rule that gives it most of them. */
export type Excess = {
  readonly rule: PolicyRule;
  readonly protocol: Protocol;
  readonly count: bigint;
  /** Further rules whose ports add up. */
  readonly others: readonly PolicyRule[];
  readonly witness: string;
};
