import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Expectation } from "./expectation.ts";
import type { Direction, Rule } from "./policy.ts";

/** What one networkPolicy has of a sum. */
export type Share = Expectation & {
  readonly of: NetworkPolicy;
  /** The addresses of its widest block, or the ports of its widest rule. */
  readonly width: bigint;
};

/** Something that several networkPolicies of one pod admit together, and none of them alone. */
export type SharedSum = {
  readonly rule: string;
  readonly direction: Direction;
  /** What is added up: the same text for the same thing on other pods. */
  readonly what: string;
  /** The specification can be read either way. */
  readonly optional: boolean;
  readonly shares: readonly Share[];
};

/** A networkPolicy of some pod, with those of its rules that count in sums. */
export type Partner = { readonly of: NetworkPolicy; readonly rules: readonly Rule[] };
