import { covers } from "../netpol/selector.ts";
import { includes } from "../netpol/spans.ts";
import { isListed } from "../rules/carveouts.ts";
import type { LevelParameters, Parameters } from "../rules/parameters.ts";
import { type AddressSet, type Listener, readStandard, type Standard } from "../rules/standard.ts";
import type { Problem } from "../netpol/model.ts";

/**
 * What is wrong with the parameters: values that cannot be read, and parameters of restricted that
 * are looser than those of baseline. Paths start with the level.
 */
export function checkParameters(parameters: LevelParameters): readonly Problem[] {
  const ranges = (["baseline", "restricted"] as const).flatMap((level) =>
    checkRanges(parameters[level]).map((problem) => below(level, problem)),
  );
  if (ranges.length > 0) return ranges;
  const baseline = readStandard("baseline", parameters.baseline);
  const restricted = readStandard("restricted", parameters.restricted);
  return [
    ...baseline.problems.map((problem) => below("baseline", problem)),
    ...restricted.problems.map((problem) => below("restricted", problem)),
    ...looser(baseline.standard, restricted.standard).map((name) => ({
      path: `restricted.${name}`,
      message: "is looser than that of baseline",
    })),
  ];
}

function below(level: string, { path, message }: Problem): Problem {
  return { path: `${level}.${path}`, message };
}

const limits = [
  ["minPrefixV4", 32],
  ["minPrefixV6", 128],
  ["maxBlocks", 1_000_000],
  ["maxInternetPorts", 196_605],
  ["maxPorts", 65_535],
] as const;

function checkRanges(parameters: Parameters): readonly Problem[] {
  const numbers = limits.flatMap(([name, most]) =>
    isWithin(parameters[name], 0, most)
      ? []
      : [{ path: name, message: `must be a whole number from 0 to ${most}` }],
  );
  const ports = parameters.dnsPorts.flatMap((port, index) =>
    isWithin(port, 1, 65_535)
      ? []
      : [{ path: `dnsPorts[${index}]`, message: "must be a whole number from 1 to 65535" }],
  );
  return [...numbers, ...ports];
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** Names of the parameters of restricted that let more through than those of baseline. */
function looser(baseline: Standard, restricted: Standard): readonly (keyof Parameters)[] {
  const a = baseline.parameters;
  const b = restricted.parameters;
  const checks: readonly (readonly [keyof Parameters, boolean])[] = [
    ["minPrefixV4", b.minPrefixV4 < a.minPrefixV4],
    ["minPrefixV6", b.minPrefixV6 < a.minPrefixV6],
    ["maxBlocks", b.maxBlocks > a.maxBlocks && hasHigherLimit(baseline, restricted)],
    ["dnsPorts", !includes(baseline.dnsPorts, restricted.dnsPorts)],
    ["publicListeners", !restricted.listeners.every((one) => isNarrower(one, baseline))],
    ["allowedCIDRs", !includesBoth(baseline.allowed, restricted.allowed)],
    ["allowedEndpoints", !restricted.allowedEndpoints.isSubsetOf(baseline.allowedEndpoints)],
    ["clusterCIDRs", losesRanges(baseline, restricted)],
    ["annotations", !isSubset(a.annotations, b.annotations)],
    [
      "platformNamespaceLabelKeys",
      !isSubset(a.platformNamespaceLabelKeys, b.platformNamespaceLabelKeys),
    ],
    ["platformPodLabelKeys", !isSubset(a.platformPodLabelKeys, b.platformPodLabelKeys)],
  ];
  return [...new Set(checks.flatMap(([name, isLooser]) => (isLooser ? [name] : [])))];
}

function hasHigherLimit({ measure: a }: Standard, { measure: b }: Standard): boolean {
  return b[4].limit > a[4].limit || b[6].limit > a[6].limit;
}

function isNarrower(inner: Listener, { listeners }: Standard): boolean {
  return listeners.some(
    (outer) =>
      inner.namespaces.isSubsetOf(outer.namespaces) &&
      covers(outer.podSelector, inner.podSelector) &&
      isListed(outer.ports, inner.ports),
  );
}

function includesBoth(outer: AddressSet, inner: AddressSet): boolean {
  return includes(outer[4], inner[4]) && includes(outer[6], inner[6]);
}

function isSubset(some: readonly unknown[], all: readonly unknown[]): boolean {
  const texts = new Set(all.map((item) => JSON.stringify(item)));
  return some.every((item) => texts.has(JSON.stringify(item)));
}

function losesRanges({ clusterRanges: a }: Standard, { clusterRanges: b }: Standard): boolean {
  if (a === undefined) return false;
  return b === undefined || !includesBoth(b, a);
}
