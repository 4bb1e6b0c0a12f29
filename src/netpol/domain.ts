/**
 * Everything one label may be: absent, one of `values`, or (complement) any value but those.
 * Label values are strings without end for our purposes, so a complement is never empty.
 */
export type Domain = {
  readonly absent: boolean;
  readonly complement: boolean;
  readonly values: ReadonlySet<string>;
};

const none: ReadonlySet<string> = new Set();

/** No restriction at all. */
export const anything: Domain = { absent: true, complement: true, values: none };
/** The label is not there. */
export const absent: Domain = { absent: true, complement: false, values: none };
/** The label is there, with any value. */
export const present: Domain = { absent: false, complement: true, values: none };

/** The label is there, with one of these values. */
export function oneOf(values: Iterable<string>): Domain {
  return { absent: false, complement: false, values: new Set(values) };
}

/** The label is absent or has any value but these. */
export function noneOf(values: Iterable<string>): Domain {
  return { absent: true, complement: true, values: new Set(values) };
}

/** What both allow. */
export function intersect(a: Domain, b: Domain): Domain {
  const isAbsent = a.absent && b.absent;
  if (a.complement && b.complement) {
    return { absent: isAbsent, complement: true, values: a.values.union(b.values) };
  }
  if (a.complement) {
    return { absent: isAbsent, complement: false, values: b.values.difference(a.values) };
  }
  const values = b.complement ? a.values.difference(b.values) : a.values.intersection(b.values);
  return { absent: isAbsent, complement: false, values };
}

/** What the domain does not allow. */
export function negate(domain: Domain): Domain {
  return { absent: !domain.absent, complement: !domain.complement, values: domain.values };
}

/** True when nothing, not even absence, is allowed. */
export function isEmpty(domain: Domain): boolean {
  return !domain.absent && !domain.complement && domain.values.size === 0;
}

/** True when a label with this value (undefined: no such label) is allowed. */
export function allows(domain: Domain, value: string | undefined): boolean {
  if (value === undefined) return domain.absent;
  return domain.values.has(value) !== domain.complement;
}

/** One allowed value, `undefined` for absence; absence and short values first. */
export function pick(domain: Domain, otherwise = "any"): string | undefined {
  if (domain.absent) return undefined;
  if (!domain.complement) return domain.values.values().next().value;
  if (!domain.values.has(otherwise)) return otherwise;
  for (let n = 1; ; n += 1) {
    if (!domain.values.has(`${otherwise}-${n}`)) return `${otherwise}-${n}`;
  }
}
