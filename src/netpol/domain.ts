import { both, either, has, includes, type LabelValues, overlap, without } from "./labelvalues.ts";

/**
 * Everything one label may be: absent, one of `values`, or (complement) any value but those.
 * Label values are strings without end for our purposes, so a complement is never empty.
 */
export type Domain = {
  readonly absent: boolean;
  readonly complement: boolean;
  readonly values: LabelValues;
};

/** No restriction at all. */
export const anything: Domain = { absent: true, complement: true, values: [] };
/** The label is not there. */
export const absent: Domain = { absent: true, complement: false, values: [] };
/** The label is there, with any value. */
export const present: Domain = { absent: false, complement: true, values: [] };

/** The label is there, with one of these values. */
export function oneOf(values: readonly string[]): Domain {
  return { absent: false, complement: false, values };
}

/** The label is absent or has any value but these. */
export function noneOf(values: readonly string[]): Domain {
  return { absent: true, complement: true, values };
}

/** What both allow. */
export function intersect(a: Domain, b: Domain): Domain {
  if (isAnything(a)) return b;
  if (isAnything(b)) return a;
  return {
    absent: a.absent && b.absent,
    complement: a.complement && b.complement,
    values: intersectValues(a, b),
  };
}

/** What all allow: lists of values are put together once, however many there are. */
export function intersectAll(domains: readonly Domain[]): Domain {
  const excluding = domains.filter(({ complement }) => complement);
  const first: Domain = {
    absent: excluding.every((domain) => domain.absent),
    complement: true,
    values: excluding.flatMap(({ values }) => values),
  };
  return domains.filter(({ complement }) => !complement).reduce(intersect, first);
}

function intersectValues(a: Domain, b: Domain): LabelValues {
  if (a.complement) return b.complement ? either(a.values, b.values) : without(b.values, a.values);
  return b.complement ? without(a.values, b.values) : both(a.values, b.values);
}

/** What the domain does not allow. */
export function negate(domain: Domain): Domain {
  return { absent: !domain.absent, complement: !domain.complement, values: domain.values };
}

/** True when nothing, not even absence, is allowed. */
export function isEmpty(domain: Domain): boolean {
  return isListed(domain) && domain.values.length === 0;
}

/** True when everything is allowed. */
export function isAnything(domain: Domain): boolean {
  return domain.absent && domain.complement && domain.values.length === 0;
}

/** True when the label has to be there, with one of the values that the domain lists. */
export function isListed(domain: Domain): boolean {
  return !domain.absent && !domain.complement;
}

/** True when both allow something. */
export function overlaps(a: Domain, b: Domain): boolean {
  if ((a.absent && b.absent) || (a.complement && b.complement)) return true;
  if (a.complement) return !includes(a.values, b.values);
  return b.complement ? !includes(b.values, a.values) : overlap(a.values, b.values);
}

/** True when `outer` allows everything that `inner` does. */
export function allowsAll(outer: Domain, inner: Domain): boolean {
  return !overlaps(inner, negate(outer));
}

/** True when a label with this value (undefined: no such label) is allowed. */
export function allows(domain: Domain, value: string | undefined): boolean {
  if (value === undefined) return domain.absent;
  return has(domain.values, value) !== domain.complement;
}

/** One allowed value, `undefined` for absence; absence and short values first. */
export function pick(domain: Domain, otherwise = "any"): string | undefined {
  if (domain.absent) return undefined;
  if (!domain.complement) return domain.values[0];
  if (!has(domain.values, otherwise)) return otherwise;
  for (let n = 1; ; n += 1) {
    if (!has(domain.values, `${otherwise}-${n}`)) return `${otherwise}-${n}`;
  }
}
