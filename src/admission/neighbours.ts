import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Evaluator } from "../engine/evaluator.ts";
import type { NamespacePolicy } from "../engine/namespacepolicy.ts";
import { addsUp } from "../engine/union.ts";
import type { NetworkPolicyLister } from "./ports.ts";

/** The namespace's other policies, as far as they matter. */
export type Neighbours = {
  readonly policies: readonly NetworkPolicy[];
  /** Why they are not known although they matter. */
  readonly unknown?: string;
  readonly error?: unknown;
};

const none: Neighbours = { policies: [] };

/**
 * Finds what a policy is judged together with: the namespace's other policies, unless nothing of it
 * adds up to anything or nobody judges it. Whatever goes wrong is a value: it is judged alone then.
 */
export async function findNeighbours(
  lister: NetworkPolicyLister,
  networkPolicy: NetworkPolicy,
  namespace: string,
  { enforce, audit, warn }: NamespacePolicy,
  signal: AbortSignal,
): Promise<Neighbours> {
  const isJudged = [enforce, audit, warn].some(({ level }) => level !== "privileged");
  if (!isJudged || !addsUp(networkPolicy, namespace)) return none;
  try {
    const own = networkPolicy.metadata?.name;
    const all = await lister.list(namespace, signal);
    return { policies: all.filter(({ metadata }) => metadata?.name !== own) };
  } catch (error) {
    const unknown =
      "the namespace's other policies could not be read: not checked together with them";
    return { ...none, unknown, error };
  }
}

/** Judges beside these neighbours, and says so where they are not known. */
export function beside({ policies, unknown }: Neighbours, evaluate: Evaluator): Evaluator {
  return (networkPolicy, how) => {
    const evaluation = evaluate(networkPolicy, { ...how, neighbours: policies });
    if (unknown === undefined) return evaluation;
    return { ...evaluation, notes: [...evaluation.notes, unknown] };
  };
}
