import type { LevelParameters, PublicListener } from "../rules/parameters.ts";
import { isCovered } from "./cidr.ts";
import { type Problem, show } from "./problem.ts";

/**
 * Restricted includes baseline, so none of its parameters may be looser. Where the comparison of two
 * values is not certain (two spellings of one selector) they count as looser: the answer is to write
 * the value once, for both levels.
 */
export function compareLevels({ baseline, restricted }: LevelParameters): Problem[] {
  const numbers = [
    atLeast("minPrefixV4", restricted.minPrefixV4, baseline.minPrefixV4),
    atLeast("minPrefixV6", restricted.minPrefixV6, baseline.minPrefixV6),
    atMost("maxBlocks", restricted.maxBlocks, baseline.maxBlocks),
  ];
  const allowances = [
    within("dnsPorts", restricted.dnsPorts, (port) => baseline.dnsPorts.includes(port)),
    within("publicListeners", restricted.publicListeners, (listener) =>
      baseline.publicListeners.some((wider) => isNarrower(listener, wider)),
    ),
    within("allowedCIDRs", restricted.allowedCIDRs, (cidr) =>
      isCovered(cidr, baseline.allowedCIDRs),
    ),
    within("allowedEndpoints", restricted.allowedEndpoints, (endpoint) =>
      baseline.allowedEndpoints.includes(endpoint),
    ),
  ];
  const demands = (
    ["annotations", "platformNamespaceLabelKeys", "platformPodLabelKeys"] as const
  ).map((name) => {
    const kept = new Set(restricted[name].map((entry) => canonical(entry)));
    const missing = baseline[name].find((entry) => !kept.has(canonical(entry)));
    return missing === undefined
      ? []
      : [looser(name, restricted[name], `lacks ${show(missing)}, which baseline has`)];
  });
  return [...numbers, ...allowances, ...demands].flat();
}

function atLeast(name: string, restricted: number, baseline: number): Problem[] {
  if (restricted >= baseline) return [];
  return [
    looser(name, restricted, `${String(restricted)} is below baseline's ${String(baseline)}`),
  ];
}

function atMost(name: string, restricted: number, baseline: number): Problem[] {
  if (restricted <= baseline) return [];
  return [
    looser(name, restricted, `${String(restricted)} is above baseline's ${String(baseline)}`),
  ];
}

function within<T>(
  name: string,
  restricted: readonly T[],
  allowed: (entry: T) => boolean,
): Problem[] {
  const extra = restricted.find((entry) => !allowed(entry));
  if (extra === undefined) return [];
  return [looser(name, restricted, `allows ${show(extra)}, which baseline does not`)];
}

function looser(name: string, value: unknown, how: string): Problem {
  return {
    at: ["parameters", "restricted", name],
    value,
    message: `${how}: restricted must not be looser than baseline; set parameters.${name} for both levels`,
  };
}

function isNarrower(inner: PublicListener, outer: PublicListener): boolean {
  const ports = new Set(outer.ports.map((port) => canonical(port)));
  return (
    inner.namespaces.every((name) => outer.namespaces.includes(name)) &&
    canonical(inner.podSelector) === canonical(outer.podSelector) &&
    inner.ports.every((port) => ports.has(canonical(port)))
  );
}

/** JSON with sorted keys, so that two spellings of one value are equal. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
