import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { LevelParameters } from "../../src/rules/parameters.ts";
import { isExempt } from "./judge.ts";
import { type Direction, effectiveRules, isUnknown } from "./policy.ts";
import { cutIntoAtoms } from "./port.ts";
import { enumerate, everyChoice, matches } from "./selector.ts";
import type { Partner, SharedSum } from "./shared.ts";
import { sharedBlocks } from "./sharedblocks.ts";
import { sharedPorts } from "./sharedports.ts";
import { levelsOf } from "./union.ts";
import { viewsOf } from "./width.ts";

/** All sets of networkPolicies that some pod satisfies, and nothing but them. */
function companies(partners: readonly Partner[]): readonly (readonly Partner[])[] {
  const found = new Map<string, readonly Partner[]>();
  const subjects = partners.map(({ of }) => of.spec?.podSelector);
  for (const labels of enumerate(everyChoice(subjects))) {
    const some = partners.filter(({ of }) => matches(of.spec?.podSelector, labels));
    found.set(some.map((one) => partners.indexOf(one)).join(), some);
  }
  return [...found.values()].filter((some) => some.length > 1);
}

/**
 * What several networkPolicies of a namespace admit together for some pod: by the limits of the
 * level, and of each looser one.
 */
export function judgeShared(
  networkPolicies: readonly NetworkPolicy[],
  namespace: string,
  level: "baseline" | "restricted",
  both: LevelParameters,
): readonly SharedSum[] {
  return levelsOf(level).flatMap((one) => {
    const parameters = both[one];
    const partners = networkPolicies
      .filter((of) => !isUnknown(of))
      .map((of) => {
        const counted = effectiveRules(of).filter(
          (rule) => !isExempt(rule, of, namespace, one, parameters),
        );
        return { of, rules: counted };
      })
      .filter(({ rules }) => rules.length > 0);
    const all = partners.flatMap(({ rules }) => rules);
    const views = viewsOf(all, one, parameters);
    const atomsOf = (direction: Direction) =>
      cutIntoAtoms(
        all.filter((rule) => rule.direction === direction).flatMap((rule) => rule.entries),
      );
    const atoms = { ingress: atomsOf("ingress"), egress: atomsOf("egress") };
    const blocks = all.flatMap(({ peers }) => peers).filter((peer) => peer.kind === "block");
    const limits = blocks.flatMap(({ block, excepts }) => [block].concat(excepts));
    return companies(partners).flatMap((some) => {
      const ports = one === "restricted" ? sharedPorts(some, limits, namespace, parameters) : [];
      return sharedBlocks(some, views, atoms, one).concat(ports);
    });
  });
}
