import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { isUnknown } from "./policy.ts";
import { enumerate, everyChoice, matches } from "./selector.ts";

/** One sort of imaginary pods of a networkPolicy: they share who else selects them. */
export type Company = {
  readonly neighbours: readonly NetworkPolicy[];
  /** True where the old version of the networkPolicy selected these pods, too. */
  readonly wasSelected: boolean;
};

/**
 * All sorts of pods that the networkPolicy selects, found by looking at one pod after another:
 * each mentioned key absent, with each mentioned value, and with one that nobody mentions.
 */
export function companiesOf(
  networkPolicy: NetworkPolicy,
  neighbours: readonly NetworkPolicy[],
  old?: NetworkPolicy,
): readonly Company[] {
  const before = old && !isUnknown(old) ? old : undefined;
  const all = [networkPolicy, ...neighbours, ...(before ? [before] : [])];
  const found = new Map<string, Company>();
  for (const labels of enumerate(everyChoice(all.map((one) => one.spec?.podSelector)))) {
    const selects = (one: NetworkPolicy) => matches(one.spec?.podSelector, labels);
    if (!selects(networkPolicy)) continue;
    const selected = neighbours.map(selects);
    const wasSelected = before !== undefined && selects(before);
    const who = `${selected.join()} ${wasSelected}`;
    if (found.has(who)) continue;
    found.set(who, { neighbours: neighbours.filter((_, n) => selected[n]), wasSelected });
  }
  return [...found.values()];
}
