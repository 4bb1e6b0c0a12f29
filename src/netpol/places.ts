import { intersect, type Spans, subtract, union } from "./spans.ts";

/** Stretches of several axes; an axis that is not listed has none. */
export type Places = ReadonlyMap<string, Spans>;

export const nowhere: Places = new Map();

/** Builds places from what each axis has; empty ones are left out. */
export function placesOf(stretches: Iterable<readonly [string, Spans]>): Places {
  return new Map([...stretches].filter(([, spans]) => spans.length > 0));
}

/** The places of `from` that are not in `less`. */
export function subtractPlaces(from: Places, less: Places): Places {
  return placesOf([...from].map(([axis, spans]) => [axis, subtract(spans, less.get(axis) ?? [])]));
}

/** The places in both. */
export function intersectPlaces(a: Places, b: Places): Places {
  return placesOf([...a].map(([axis, spans]) => [axis, intersect(spans, b.get(axis) ?? [])]));
}

/** The places in any. */
export function unitePlaces(all: readonly Places[]): Places {
  const axes = new Set(all.flatMap((places) => [...places.keys()]));
  return placesOf(
    [...axes].map((axis) => [axis, union(all.flatMap((places) => places.get(axis) ?? []))]),
  );
}
