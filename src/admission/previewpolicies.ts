import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Evaluator } from "../engine/evaluator.ts";
import type { Evaluation } from "../engine/finding.ts";
import type { LevelChange } from "./levelchange.ts";
import type { Clock } from "./ports.ts";
import { isRefused } from "./violations.ts";

/** More than this many in one namespace are not looked at. */
const maxPolicies = 1_000;
/** Other reviews get their turn this often; a preview is the least urgent of all. */
const sliceMilliseconds = 5;

/** A stored networkPolicy that a change says no to. */
export type Violator = {
  readonly name: string;
  readonly change: LevelChange;
  readonly evaluation: Evaluation;
};

export type Preview = {
  readonly violators: readonly Violator[];
  /** How many were judged by every change, of how many; fewer when `cut` says why. */
  readonly judged: number;
  readonly total: number;
  readonly cut?: "limit" | "deadline";
  readonly notes: readonly string[];
  /** A defect in judging one of them. */
  readonly defect?: unknown;
};

const failed: Evaluation = {
  findings: [],
  unjudged: { path: "", message: "Ringfence failed to judge it, see its log" },
  notes: [],
};

/**
 * Judges what is stored in a namespace by new levels, each policy as if it were written again beside
 * the others; within limits, in order of names.
 */
export async function previewPolicies(
  stored: readonly NetworkPolicy[],
  namespace: string,
  changes: readonly LevelChange[],
  { evaluate, clock }: { readonly evaluate: Evaluator; readonly clock: Clock },
  signal: AbortSignal,
): Promise<Preview> {
  const violators: Violator[] = [];
  const notes = new Set<string>();
  let judged = 0;
  let defect: unknown;
  let sliceEnd = clock.now() + sliceMilliseconds;
  const total = stored.length;
  const policies = stored.toSorted(byName).slice(0, maxPolicies);

  const judge = (networkPolicy: NetworkPolicy, { target }: LevelChange): Evaluation => {
    try {
      return evaluate(networkPolicy, { namespace, ...target, neighbours: policies });
    } catch (error) {
      defect = error;
      return failed;
    }
  };
  const result = (cut?: Preview["cut"]): Preview => ({
    violators,
    judged,
    total,
    notes: [...notes],
    ...(cut !== undefined && { cut }),
    ...(defect !== undefined && { defect }),
  });

  for (const networkPolicy of policies) {
    const own: Violator[] = [];
    for (const change of changes) {
      if (clock.now() >= sliceEnd) {
        await clock.sleep(0, signal).catch(() => {});
        sliceEnd = clock.now() + sliceMilliseconds;
      }
      if (signal.aborted) return result("deadline");
      const evaluation = judge(networkPolicy, change);
      if (isRefused(evaluation)) own.push({ name: nameOf(networkPolicy), change, evaluation });
      for (const note of evaluation.notes) notes.add(note);
    }
    violators.push(...own);
    judged += 1;
  }
  return result(judged < total ? "limit" : undefined);
}

function byName(one: NetworkPolicy, other: NetworkPolicy): number {
  return nameOf(one) < nameOf(other) ? -1 : 1;
}

function nameOf({ metadata }: NetworkPolicy): string {
  return metadata?.name ?? "";
}
