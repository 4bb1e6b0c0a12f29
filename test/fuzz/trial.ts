import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { judge } from "../oracle/judge.ts";
import { judgeSums } from "../oracle/union.ts";
import { differences } from "./compare.ts";
import { evaluateCase, type JudgedLevel } from "./engine.ts";
import { createNamespaceCase } from "./namespaces.ts";
import { type Case, createCase } from "./policies.ts";
import { createRandom } from "./random.ts";
import { togetherDifferences } from "./together.ts";
import { createUpdate, updateDifferences } from "./updates.ts";

export const modes = ["alone", "union", "update", "namespace"] as const;
export type Mode = (typeof modes)[number];

/** What engine and oracle both judge; with an old version it is an update. */
export type Trial = {
  readonly mode: Mode;
  readonly one: Case;
  readonly old?: NetworkPolicy;
  /** What an update does. */
  readonly change?: string;
};

/** Of a hundred trials, how many are of each mode. */
export const modeShare: { readonly [mode in Mode]: number } = {
  alone: 50,
  union: 25,
  update: 15,
  namespace: 10,
};

function modeOf(index: number): Mode {
  // Spread over the hundred, so that a short run has all of them.
  const place = (index * 37) % 100;
  if (place < modeShare.alone) return "alone";
  if (place < modeShare.alone + modeShare.union) return "union";
  return place < 100 - modeShare.namespace ? "update" : "namespace";
}

/** Trial number `index` of a seed; of the updates three in ten have no neighbours. */
export function createTrial(seed: number, index: number, only?: Mode): Trial {
  const random = createRandom(seed, index);
  const mode = only ?? modeOf(index);
  if (mode === "alone") return { mode, one: createCase(random) };
  if (mode === "union" || mode === "namespace") return { mode, one: createNamespaceCase(random) };
  const start = random.chance(30) ? createCase(random) : createNamespaceCase(random);
  const { kind: change, old, updated: one } = createUpdate(random, start);
  return { mode, one, old, change };
}

/** What engine and oracle say differently about a trial. */
export function disagreementsOf({ mode, one, old, change = "" }: Trial, level: JudgedLevel) {
  if (mode === "namespace") return togetherDifferences(one, level);
  if (old) return updateDifferences({ kind: change, old, updated: one }, level);
  const { networkPolicy, neighbours, namespace, parameters } = one;
  const answer = judge(networkPolicy, namespace, level, parameters[level]);
  const sums = judgeSums(networkPolicy, { neighbours, namespace, level, parameters });
  return differences(answer, sums, evaluateCase(one, level), parameters[level]);
}
