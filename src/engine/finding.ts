import type { JsonPatch } from "../api/jsonpatch.ts";

/** One thing that a rule says no to, in one NetworkPolicy. Order is stable: worst first. */
export type Finding = {
  /** Rule id, kebab-case, e.g. `no-anyone`. */
  readonly rule: string;
  /** The level that the rule belongs to. */
  readonly level: "baseline" | "restricted";
  /** Where, as a field path of the API: `spec.ingress[0].from[1].namespaceSelector`. */
  readonly path: string;
  /** What is wrong, one sentence. */
  readonly message: string;
  /** Why it matters, one sentence. */
  readonly why: string;
  /** What to write instead. */
  readonly fix: string;
  /** A patch of the policy that makes this finding go away, where one can be computed. */
  readonly patch?: JsonPatch;
  /** One concrete stranger, address and port that gets in; absent for rules about spelling. */
  readonly witness?: string;
};

/**
 * The result of judging one policy. `unjudged` says why there is no verdict (an operator newer than
 * this engine, a policy too complex): enforce refuses it, audit and warn report it.
 */
export type Evaluation = {
  readonly findings: readonly Finding[];
  readonly unjudged?: { readonly path: string; readonly message: string };
  /** What was not evaluated and why, e.g. "cluster ranges unknown: not checked against pods". */
  readonly notes: readonly string[];
};
