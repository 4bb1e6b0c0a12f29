import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { LevelParameters } from "../../src/rules/parameters.ts";
import { broadSums, type Sum } from "./broadsums.ts";
import { companiesOf } from "./company.ts";
import { isExempt } from "./judge.ts";
import { effectiveRules, isUnknown, type Rule } from "./policy.ts";
import { cutIntoAtoms } from "./port.ts";
import { portSums } from "./portsums.ts";
import { viewsOf } from "./width.ts";

/** What is judged beside the networkPolicy, and how. */
export type Surroundings = {
  readonly neighbours: readonly NetworkPolicy[];
  /** The stored version that the networkPolicy replaces. */
  readonly old?: NetworkPolicy;
  readonly namespace: string;
  readonly level: "baseline" | "restricted";
  readonly parameters: LevelParameters;
};

/** A sum, whether its pods are pods that the old version selected, and what neighbours open to them. */
export type PlacedSum = Sum & { readonly wasSelected: boolean; readonly known: readonly Rule[] };

/** The levels whose findings count at a level: its own, and those of each looser one. */
export function levelsOf(level: Surroundings["level"]): readonly Surroundings["level"][] {
  return level === "baseline" ? ["baseline"] : ["restricted", "baseline"];
}

/**
 * The sums that count against a networkPolicy at a level. What baseline refuses is refused at
 * restricted: neighbours that exceed tighter limits alone would excuse it otherwise.
 */
export function judgeSums(
  networkPolicy: NetworkPolicy,
  around: Surroundings,
): readonly PlacedSum[] {
  return levelsOf(around.level).flatMap((level) => sumsAt(networkPolicy, { ...around, level }));
}

/**
 * The sums that count by the limits of one level: on some pod that it selects, all policies of that
 * pod together exceed a limit that those without it do not exceed, and it opens something that they
 * do not open. Each pod is looked at for itself: what neighbours do to other pods excuses nothing,
 * and a pod that fewer neighbours select is a pod as well. A neighbour that nobody can read is left
 * out: it would count against a policy that is not to blame for it.
 */
function sumsAt(
  networkPolicy: NetworkPolicy,
  { neighbours, old, namespace, level, parameters: both }: Surroundings,
): readonly PlacedSum[] {
  if (neighbours.length === 0 || isUnknown(networkPolicy)) return [];
  const parameters = both[level];
  const isCounted = (one: NetworkPolicy) => (rule: Rule) =>
    !isExempt(rule, one, namespace, level, parameters);
  const own = effectiveRules(networkPolicy).filter(isCounted(networkPolicy));
  const known = new Map<NetworkPolicy, readonly Rule[]>();
  const counted = new Set<Rule>();
  for (const one of neighbours.filter((neighbour) => !isUnknown(neighbour))) {
    const rules = effectiveRules(one).filter((rule) =>
      own.some(({ direction }) => direction === rule.direction),
    );
    if (rules.length > 0) known.set(one, rules);
    for (const rule of rules.filter(isCounted(one))) counted.add(rule);
  }
  if (counted.size === 0) return [];
  const all = own.concat([...known.values()].flat());
  const views = viewsOf(all, level, parameters);
  const atomsOf = (direction: Rule["direction"]) =>
    cutIntoAtoms(
      all.filter((rule) => rule.direction === direction).flatMap((rule) => rule.entries),
    );
  const atoms = { ingress: atomsOf("ingress"), egress: atomsOf("egress") };
  return companiesOf(networkPolicy, [...known.keys()], old).flatMap((company) => {
    const rules = company.neighbours.flatMap((one) => known.get(one) ?? []);
    const sides = { own, others: rules.filter((rule) => counted.has(rule)), known: rules };
    const ports = level === "restricted" ? portSums(sides, namespace, parameters) : [];
    return broadSums(sides, views, atoms, level)
      .concat(ports)
      .map((sum) => Object.assign({ wasSelected: company.wasSelected, known: rules }, sum));
  });
}
