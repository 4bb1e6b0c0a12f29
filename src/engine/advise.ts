import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { createMeter, type Meter } from "../netpol/meter.ts";
import type { Model } from "../netpol/model.ts";
import type { LevelParameters } from "../rules/parameters.ts";
import type { Standard } from "../rules/standard.ts";
import { warnings } from "../warnings/index.ts";
import type { Advice, Inspected, Warning } from "../warnings/warning.ts";
import { compileOnce } from "./compileonce.ts";
import { allEffectiveRules } from "./effective.ts";
import { readNeighbours } from "./neighbours.ts";
import { registryOf } from "./registry.ts";

/** One thing that is probably not meant, and the id of the warning that says so. */
export type Warned = Advice & {
  readonly warning: string;
  /** What the warning is about, one sentence. */
  readonly why: string;
};

/** Where a policy lives, and what is known of the things around it; what is missing is unknown. */
export type Surroundings = {
  readonly namespace: string;
  /** The policies of the namespace, in a list that nobody changes; the inspected one may be in it. */
  readonly neighbours?: readonly NetworkPolicy[] | undefined;
  readonly cluster?: Inspected["cluster"] | undefined;
};

/**
 * What is probably not meant in one policy, whatever the level of its namespace. Pure, in a stable
 * order, and total: a policy that cannot be read gives nothing, for its verdict says so already.
 */
export type Adviser = (networkPolicy: NetworkPolicy, around: Surroundings) => readonly Warned[];

/** Steps that looking for warnings may take: a tenth of what judging may. */
const defaultSteps = 200_000;

/** For an answer that somebody waits for: some milliseconds of work. */
export const hastySteps = 20_000;

/** Reads the parameters once; throws on unusable ones. */
export function createAdviser(
  parameters: LevelParameters,
  {
    all = warnings,
    steps = defaultSteps,
  }: { readonly all?: readonly Warning[]; readonly steps?: number } = {},
): Adviser {
  const standard = registryOf(parameters).standards.baseline;
  return function advise(networkPolicy, around) {
    const compiled = compileOnce(networkPolicy, around.namespace);
    if ("problem" in compiled) return [];
    const inspected = inspectedOf(
      networkPolicy,
      compiled.model,
      around,
      standard,
      createMeter(steps),
    );
    const warned: Warned[] = [];
    for (const { id, summary, inspect } of all) {
      const advice = inspect(inspected);
      // What was cut short may be wrong.
      if (inspected.meter.exhausted()) return [...warned, tooComplex];
      for (const one of advice) warned.push({ warning: id, why: summary, ...one });
    }
    return warned;
  };
}

const tooComplex: Warned = {
  warning: "too-complex",
  why: "A look that is cut short finds less.",
  path: "spec",
  message: "is too complex to look for every warning",
  fix: "Split the policy into smaller ones.",
};

function inspectedOf(
  networkPolicy: NetworkPolicy,
  policy: Model,
  { namespace, neighbours, cluster }: Surroundings,
  standard: Standard,
  meter: Meter,
): Inspected {
  return {
    policy,
    written: networkPolicy,
    rules: allEffectiveRules(policy),
    // Most policies are inspected without a look at the others.
    get neighbours() {
      return neighbours && readNeighbours(neighbours, networkPolicy, namespace, meter);
    },
    ...(cluster && { cluster }),
    standard,
    meter,
  };
}
