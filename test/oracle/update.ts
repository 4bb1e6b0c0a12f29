import { isDeepStrictEqual } from "node:util";
import { lookup } from "../../src/api/meta.ts";
import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { LevelParameters, Parameters } from "../../src/rules/parameters.ts";
import { isDNSPeer, isDNSRule } from "./carveout.ts";
import type { Expectation, Reach } from "./expectation.ts";
import { growth, type Growth, worst } from "./growth.ts";
import { judge } from "./judge.ts";
import { directions, isLive, isUnknown, type Rule } from "./policy.ts";
import { enumerate, everyChoice, matches } from "./selector.ts";
import { spellings } from "./spelling.ts";
import { judgeSums } from "./union.ts";

const countsNames: ReadonlySet<string> = new Set(["no-broad-addresses", "no-metadata-endpoint"]);

export type UpdateAnswer = {
  /** Rule ids that must be refused. */
  readonly must: ReadonlySet<string>;
  /** Rule ids that may be refused: those that must, and those where one can read it either way. */
  readonly may: ReadonlySet<string>;
};

/** True when the new subject has a pod that the old one did not have. */
export function subjectGrew(old: NetworkPolicy, updated: NetworkPolicy): boolean {
  const before = old.spec?.podSelector;
  const after = updated.spec?.podSelector;
  for (const labels of enumerate(everyChoice([before, after]))) {
    if (matches(after, labels) && !matches(before, labels)) return true;
  }
  return false;
}

function isUntouched(old: NetworkPolicy, updated: NetworkPolicy, parameters: Parameters) {
  const sameAnnotations = parameters.annotations.every(
    ({ key }) =>
      lookup(old.metadata?.annotations, key) === lookup(updated.metadata?.annotations, key),
  );
  return sameAnnotations && isDeepStrictEqual(old.spec, updated.spec);
}

function textGrowth(old: NetworkPolicy, updated: NetworkPolicy, found: Expectation): Growth {
  const [key = ""] = found.keys;
  if (found.rule === "no-weakening-annotation") {
    const before = lookup(old.metadata?.annotations, key);
    if (before === lookup(updated.metadata?.annotations, key)) return "none";
    return before === undefined ? "sure" : "unclear";
  }
  if (found.rule === "no-dead-rules") {
    const direction = directions.find((one) => found.keys.includes(one)) ?? "ingress";
    const before = old.spec?.[direction] ?? [];
    if (before.length === 0 || isLive(old, direction)) return "sure";
    const all = updated.spec?.[direction] ?? [];
    const known = all.every((rule) => before.some((other) => isDeepStrictEqual(rule, other)));
    return known ? "none" : "unclear";
  }
  const text = spellings(updated).find((one) => one.key === key)?.text;
  return spellings(old).some((one) => one.text === text) ? "none" : "sure";
}

/** The active strangers that a finding about passive ones keeps quiet about. */
function growthOfActive(
  old: NetworkPolicy,
  { rule, reaches }: Expectation,
  namespace: string,
  parameters: Parameters,
): Growth {
  if (rule !== "no-unnamed-namespaces") return "none";
  const active = reaches.flatMap((reach) => {
    if (!reach.pods) return [];
    const opened = { direction: reach.direction, entries: reach.ports };
    if (isDNSRule(opened, parameters) && isDNSPeer(reach.pods.peer, parameters)) return [];
    return [{ ...reach, pods: { ...reach.pods, who: "active" as const } }];
  });
  return worst(active.map((reach) => growth(old, reach, namespace, parameters)));
}

function hasNameInEgress({ spec }: NetworkPolicy): boolean {
  const ports = (spec?.egress ?? []).flatMap((rule) => rule?.ports ?? []);
  return ports.some(({ port }) => typeof port === "string");
}

/** What an update may be refused for: findings with traffic or a text that the old one lacked. */
export function judgeUpdate(
  old: NetworkPolicy,
  updated: NetworkPolicy,
  namespace: string,
  level: "baseline" | "restricted",
  both: LevelParameters,
  neighbours: readonly NetworkPolicy[] = [],
): UpdateAnswer {
  const parameters = both[level];
  const must = new Set<string>();
  const may = new Set<string>();
  if (isUntouched(old, updated, parameters) || isUnknown(updated)) return { must, may };
  const wider = subjectGrew(old, updated);
  // Nobody can tell what an object admitted that nobody can read: all traffic counts as new.
  const admitted = (reach: Reach, beside: readonly Rule[] = []): Growth =>
    isUnknown(old) ? "sure" : growth(old, reach, namespace, parameters, beside);
  for (const found of judge(updated, namespace, level, parameters).expectations) {
    const grew =
      found.reaches.length === 0
        ? textGrowth(old, updated, found)
        : worst(found.reaches.map((reach) => admitted(reach)));
    // The same stranger, but into pods that the old object did not select, is new as well.
    const intoNewPods = wider && found.reaches.some(({ sure }) => sure);
    if ((grew === "sure" || intoNewPods) && !found.optional) must.add(found.rule);
    if (grew === "none" && !intoNewPods && level === "restricted") {
      const quiet = growthOfActive(old, found, namespace, parameters);
      if (quiet === "sure") must.add("no-forgeable-selectors");
      if (quiet !== "none") may.add("no-forgeable-selectors");
    }
    // Whether an old number admits a new name that counts as any port is not said.
    if (countsNames.has(found.rule) && hasNameInEgress(updated)) may.add(found.rule);
    if (grew !== "none" || (wider && found.reaches.length > 0)) may.add(found.rule);
  }
  const around = { neighbours, old, namespace, level, parameters: both };
  for (const sum of judgeSums(updated, around)) {
    // Into pods that the old object did not select everything is new, and into others what the
    // networkPolicy adds to its neighbours. Whether that is new which it opens now, and a neighbour
    // opened before, is not said.
    const of = (reaches: readonly Reach[], beside: readonly Rule[] = []) =>
      sum.wasSelected ? worst(reaches.map((reach) => admitted(reach, beside))) : "sure";
    const grew = of(sum.reaches, sum.known);
    if (grew === "sure" && !sum.optional) must.add(sum.rule);
    if (grew !== "none" || of(sum.touches) !== "none") may.add(sum.rule);
  }
  return { must, may };
}
