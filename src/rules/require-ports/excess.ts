import type { Peer, PolicyRule } from "../../netpol/model.ts";
import type { Places } from "../../netpol/places.ts";
import type { Protocol } from "../../netpol/ports.ts";

/** A peer with too many ports; where several add up, the one that has most of them. */
export type Excess = {
  readonly rule: PolicyRule;
  readonly peer: Peer;
  readonly protocol: Protocol;
  readonly count: bigint;
  /** Further rules, for the same pods or for overlapping blocks, whose ports add up. */
  readonly others: readonly PolicyRule[];
  readonly witness: string;
};

/** How the rules of several policies are judged. */
export type Together = {
  /** Where an excess is worth a finding. */
  readonly at: Places;
  /** The rules that may carry it. */
  readonly carries: (rule: PolicyRule) => boolean;
};

/** What was found, where it is, and where there is too much, new or not. */
export type Found = {
  readonly excesses: readonly Excess[];
  readonly carried: Places;
  readonly places: Places;
};
