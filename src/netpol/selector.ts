import { allows, allowsAll, anything, type Domain, isEmpty, overlaps } from "./domain.ts";
import { sorted } from "./labelvalues.ts";

/**
 * A compiled label selector: what each mentioned key may be, all requirements on one key taken
 * together. Keys that are not mentioned are free. This form is unique: two selectors that mean the
 * same have equal normal keys, however they were spelled.
 */
export type Selector = {
  readonly keys: ReadonlyMap<string, Domain>;
  /** False when some key is left with nothing it may be: the selector selects nothing. */
  readonly possible: boolean;
};

/** Selects everything. */
export const everything: Selector = { keys: new Map(), possible: true };

/** Builds a selector from the domains of the keys that are not free. */
export function selectorOf(keys: ReadonlyMap<string, Domain>): Selector {
  return { keys, possible: keys.values().every((domain) => !isEmpty(domain)) };
}

/** True when the labels satisfy the selector. */
export function matches(selector: Selector, labels: ReadonlyMap<string, string>): boolean {
  for (const [key, domain] of selector.keys) {
    if (!allows(domain, labels.get(key))) return false;
  }
  return true;
}

/** True when every set of labels that satisfies `inner` also satisfies `outer`. */
export function covers(outer: Selector, inner: Selector): boolean {
  if (!inner.possible) return true;
  for (const [key, domain] of outer.keys) {
    if (!allowsAll(domain, inner.keys.get(key) ?? anything)) return false;
  }
  return true;
}

/** True when some set of labels satisfies both. */
export function meets(a: Selector, b: Selector): boolean {
  if (!a.possible || !b.possible) return false;
  const [few, many] = a.keys.size < b.keys.size ? [a, b] : [b, a];
  for (const [key, domain] of few.keys) {
    const other = many.keys.get(key);
    if (other !== undefined && !overlaps(domain, other)) return false;
  }
  return true;
}

/** A text that is equal for selectors that mean the same, and only for them. */
export function normalKey(selector: Selector): string {
  if (!selector.possible) return "nothing";
  if (selector.keys.size === 0) return "everything";
  const parts = [...selector.keys].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(
    parts.map(([key, { absent, complement, values }]) => [key, absent, complement, sorted(values)]),
  );
}
