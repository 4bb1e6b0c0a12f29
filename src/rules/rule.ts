import type { JsonPatch } from "../api/jsonpatch.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Before } from "../netpol/before.ts";
import type { Meter } from "../netpol/meter.ts";
import type { Direction, Model, PolicyHead, PolicyRule } from "../netpol/model.ts";
import type { Places } from "../netpol/places.ts";
import type { Population } from "../netpol/population.ts";
import type { Standard } from "./standard.ts";

/** One rule of the standard. Its id is the name of its folder. */
export type Rule = {
  readonly id: string;
  /** The first level that has the rule. */
  readonly level: "baseline" | "restricted";
  /** Orders findings: the worst rule has the lowest rank. */
  readonly rank: number;
  /** What the rule refuses, in one sentence. */
  readonly summary: string;
  /** Names of the parameters that the rule reads. */
  readonly parameters: readonly (keyof Standard["parameters"])[];
  readonly judge: (judged: Judged) => readonly Violation[];
  /** What the rule could not evaluate, and why. */
  readonly notes?: (judged: Judged) => readonly string[];
  /** What adds up over the policies that select one pod; `rules` are those of all of them. */
  readonly sums?: (judged: Judged) => readonly Summation[];
};

/** A quantity of one direction that adds up over rules, whichever policies they belong to. */
export type Summation = {
  readonly direction: Direction;
  /** True for a rule that has a share in it. */
  readonly counts: (rule: PolicyRule) => boolean;
  /** Tells whether a rule may change how much there is where these rules have a share. */
  readonly isNear: (own: readonly PolicyRule[]) => (rule: PolicyRule) => boolean;
  /** Where these rules have too much of it together. */
  readonly excess: (rules: readonly PolicyRule[]) => Places;
  /** Findings about these rules in some of these places. */
  readonly report: (rules: readonly PolicyRule[], how: Reporting) => Reported;
};

export type Reporting = {
  /** Where there is too much. */
  readonly at: Places;
  /** The rules that may carry a finding. */
  readonly carries: (rule: PolicyRule) => boolean;
  /** What was admitted already: a violation needs a witness that was not. */
  readonly before: Before;
};

/** Where something was found, and what to say of whose rule. */
export type Reported = {
  readonly places: Places;
  readonly violations: readonly { readonly policy: PolicyHead; readonly violation: Violation }[];
};

/** Everything a rule may look at. */
export type Judged = {
  readonly policy: Model;
  /** The policy that it replaces; undefined when there is none that could be read. */
  readonly policyBefore: Model | undefined;
  /** The object as it stands on the wire, for rules about spelling. */
  readonly written: NetworkPolicy;
  /** Its earlier version on the wire; undefined when nothing came before. */
  readonly writtenBefore: NetworkPolicy | undefined;
  /** The rules judged together: those that take effect, whose sums are measured. */
  readonly rules: readonly PolicyRule[];
  /** What an earlier version admitted: a violation needs a witness that was not. */
  readonly before: { readonly [D in Direction]: Before };
  readonly strangers: { readonly passive: Population; readonly active: Population };
  readonly standard: Standard;
  readonly meter: Meter;
};

/**
 * What it takes to put a finding into words, in steps of the meter. A rule spends it for each finding
 * before it says more: a list of three bytes each may have findings of a thousand.
 */
export const stepsPerFinding = 20;

/** A rule says no: where, what, why, and what to do instead. */
export type Violation = {
  readonly path: string;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly patch?: JsonPatch;
  readonly witness?: string;
};
