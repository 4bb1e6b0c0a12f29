import type { Meter } from "../../netpol/meter.ts";
import { allows } from "../../netpol/domain.ts";
import type { Selector } from "../../netpol/selector.ts";
import type { Labels } from "../cluster.ts";
import { nearest } from "../nearest.ts";

/**
 * The label that exists and is nearest to one that the selector asks for in vain: another value of
 * the same key, else another key. Undefined when each label exists, only not together.
 */
export function nearestLabel(
  { keys }: Selector,
  all: Iterable<Labels>,
  meter: Meter,
): string | undefined {
  const values = valuesByKey(all, meter);
  // The nearest one may be among those that were not looked at.
  if (meter.exhausted()) return undefined;
  for (const [key, domain] of keys) {
    if (domain.absent) continue;
    const existing = values.get(key);
    if (existing === undefined) {
      const other = nearest(key, values.keys(), meter);
      if (other !== undefined)
        return suggestKey(other, values.get(other) ?? new Set(), domain.values);
      continue;
    }
    if (existing.values().some((value) => allows(domain, value)) || domain.complement) continue;
    for (const value of domain.values) {
      const other = nearest(value, existing, meter);
      if (other !== undefined) return `${key}=${other}`;
    }
  }
  return undefined;
}

/** The misspelt key's own value, where the other key has it. */
function suggestKey(key: string, existing: ReadonlySet<string>, wanted: readonly string[]): string {
  const both = wanted.find((value) => existing.has(value));
  return both === undefined ? key : `${key}=${both}`;
}

function valuesByKey(
  all: Iterable<Labels>,
  meter: Meter,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const labels of all) {
    if (!meter.spend(1)) break;
    for (const [key, value] of labels) {
      const values = found.get(key) ?? new Set();
      found.set(key, values);
      values.add(value);
    }
  }
  return found;
}
