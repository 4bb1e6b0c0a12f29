import type { Version } from "../api/level.ts";
import { rules } from "../rules/index.ts";
import type { LevelParameters } from "../rules/parameters.ts";
import type { Rule } from "../rules/rule.ts";
import { readStandard, type Standard } from "../rules/standard.ts";
import { checkParameters } from "./parameters.ts";

export type Standards = { readonly [L in Standard["level"]]: Standard };

/** The standard of each level, and the rules of each version in the order of their findings. */
export type Registry = {
  readonly standards: Standards;
  readonly rulesOf: (version: Version) => readonly Rule[];
};

// The same parameters are used for every review; reading them is pure.
const known = new WeakMap<LevelParameters, Registry>();

/** Checks rules and parameters once; throws when they cannot be used. */
export function registryOf(parameters: LevelParameters): Registry {
  const registry = known.get(parameters) ?? createRegistry(parameters);
  known.set(parameters, registry);
  return registry;
}

function createRegistry(parameters: LevelParameters): Registry {
  const problems = checkParameters(parameters);
  if (problems.length > 0) {
    const texts = problems.map(({ path, message }) => `${path} ${message}`);
    throw new Error(`parameters cannot be used: ${texts.join("; ")}`);
  }
  const ordered = checkRules(rules);
  return {
    standards: {
      baseline: readStandard("baseline", parameters.baseline).standard,
      restricted: readStandard("restricted", parameters.restricted).standard,
    },
    // There is one version so far; `latest` is it.
    rulesOf: () => ordered,
  };
}

function checkRules(all: readonly Rule[]): readonly Rule[] {
  const ids = new Set(all.map(({ id }) => id));
  const ranks = new Set(all.map(({ rank }) => rank));
  if (ids.size < all.length || ranks.size < all.length)
    throw new Error("two rules share an id or a rank");
  return all.toSorted((a, b) => a.rank - b.rank);
}
