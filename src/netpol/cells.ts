import { allows, type Domain, intersect, isEmpty, noneOf, oneOf, pick } from "./domain.ts";
import { type LabelValues, without } from "./labelvalues.ts";
import type { Meter } from "./meter.ts";

/** What a label may be so that the same ones of several domains allow it. */
export type Cell = { readonly domain: Domain; readonly allowing: number };

/**
 * Cuts what a label may be at every domain: within a cell no two values (absence is one) can be
 * told apart. Those that most domains allow come first. Undefined when the meter runs out.
 */
export function cellsOf(
  within: Domain,
  domains: readonly Domain[],
  meter: Meter,
): readonly Cell[] | undefined {
  const mentioned = new Set<string>();
  for (const { values } of [within, ...domains]) {
    for (const value of values) mentioned.add(value);
  }
  if (!meter.spend((mentioned.size + 2) * (domains.length + 1))) return undefined;
  const groups = new Map<string, { absent: boolean; rest: boolean; values: string[] }>();
  const groupOf = (value: string | undefined) => {
    const key = domains.map((domain) => (allows(domain, value) ? "1" : "0")).join("");
    const group = groups.get(key) ?? { absent: false, rest: false, values: [] };
    groups.set(key, group);
    return group;
  };
  if (within.absent) groupOf(undefined).absent = true;
  for (const value of mentioned) {
    if (allows(within, value)) groupOf(value).values.push(value);
  }
  const all = [...mentioned];
  const unmentioned = pick({ ...intersect(within, noneOf(all)), absent: false });
  if (unmentioned !== undefined) groupOf(unmentioned).rest = true;
  return [...groups]
    .map(([key, group]) => ({
      domain: domainOf(group, all),
      allowing: key.replaceAll("0", "").length,
    }))
    .filter(({ domain }) => !isEmpty(domain))
    .toSorted((a, b) => b.allowing - a.allowing);
}

function domainOf(
  group: { readonly absent: boolean; readonly rest: boolean; readonly values: readonly string[] },
  mentioned: LabelValues,
): Domain {
  const { absent } = group;
  if (!group.rest) return { ...oneOf(group.values), absent };
  // Every value that is mentioned nowhere, and these.
  return { ...noneOf(without(mentioned, group.values)), absent };
}
