import type { Family } from "./address.ts";
import type { Direction, PodPeer } from "./policy.ts";
import type { Entry } from "./port.ts";

/** Traffic that a finding speaks of: who, on which ports. */
export type Reach = {
  readonly direction: Direction;
  readonly ports: readonly Entry[];
  readonly ranges?: readonly {
    readonly family: Family;
    readonly lo: bigint;
    readonly hi: bigint;
  }[];
  readonly pods?: { readonly peer: PodPeer; readonly who: "passive" | "active" | "outside" };
  /** All strangers and all addresses. */
  readonly everyone?: boolean;
  /** False where the specification leaves open whether the finding speaks of this. */
  readonly sure: boolean;
};

/**
 * One finding that must be there: of this rule, at one of these places at least. Places are
 * `ingress[0]` for a rule, `ingress[0][1]` for a peer, `ingress[0][1].except[2]` for a spelling.
 */
export type Expectation = {
  readonly rule: string;
  readonly keys: readonly string[];
  /** The specification can be read either way: the finding may be there, or not. */
  readonly optional: boolean;
  /** Empty for rules that read the object's text. */
  readonly reaches: readonly Reach[];
};
