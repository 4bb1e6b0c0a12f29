import type { Problem } from "./model.ts";

/** Where a value stands, and where to say that it cannot be read. */
export type Place = { readonly path: string; readonly problems: Problem[] };

export type Fields = { readonly [field: string]: unknown };

/** The place of a field or an item below. */
export function below({ path, problems }: Place, step: string | number): Place {
  return { path: typeof step === "number" ? `${path}[${step}]` : `${path}.${step}`, problems };
}

/** Records that the value at this place cannot be judged. */
export function report({ path, problems }: Place, message: string): void {
  problems.push({ path, message });
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

/** A string that has to be there. */
export function readString(value: unknown, place: Place): string | undefined {
  if (typeof value === "string") return value;
  report(place, "must be a string");
  return undefined;
}

/** True for an object that is not a list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
