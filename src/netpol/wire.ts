import type { Problem } from "./model.ts";

/**
 * Where a value stands, and where to say that it cannot be read. Its path is spelled out only for
 * those who ask: a policy can have very many places, and few of them are ever named.
 */
export type Place = {
  readonly above: Place | undefined;
  readonly step: string | number;
  readonly problems: Problem[];
};

export type Fields = { readonly [field: string]: unknown };

/** The place that others are below. */
export function placeAt(path: string, problems: Problem[]): Place {
  return { above: undefined, step: path, problems };
}

/** The place of a field or an item below. */
export function below(above: Place, step: string | number): Place {
  return { above, step, problems: above.problems };
}

/** The path of a place, such as `spec.ingress[0].from[2]`. */
export function pathOf({ above, step }: Place): string {
  if (above === undefined) return String(step);
  return typeof step === "number" ? `${pathOf(above)}[${step}]` : `${pathOf(above)}.${step}`;
}

/** Records that the value at this place cannot be judged. */
export function report(place: Place, message: string): void {
  place.problems.push({ path: pathOf(place), message });
}

/** An object with no field but the given ones; missing and null are an object without fields. */
export function readFields(value: unknown, place: Place, known: readonly string[]): Fields {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) {
    report(place, "must be an object");
    return {};
  }
  // A field of a newer API may change the meaning of all others.
  for (const field of Object.keys(value)) {
    if (!known.includes(field))
      report(below(place, field), "is a field this version does not know");
  }
  return value;
}

/** A list; missing and null are an empty one. */
export function readList(value: unknown, place: Place): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  report(place, "must be a list");
  return [];
}

/** A string that has to be there, a step below the place. */
export function readString(
  value: unknown,
  place: Place,
  step: string | number,
): string | undefined {
  if (typeof value === "string") return value;
  report(below(place, step), "must be a string");
  return undefined;
}

/** True for an object that is not a list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
