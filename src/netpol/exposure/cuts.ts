import type { Address, Family } from "../address.ts";
import type { Ranges } from "./address.ts";

/** Cuts all addresses where some block begins or ends: between two cuts no block tells them apart. */
export type Cuts = {
  /** A text that is equal for addresses between the same two cuts. */
  readonly placeOf: (address: Address) => string;
};

/** The cuts of the blocks. */
export function cutsOf(blocks: readonly Ranges[]): Cuts {
  const places: { readonly [F in Family]: readonly bigint[] } = {
    4: cutsOfFamily(blocks, 4),
    6: cutsOfFamily(blocks, 6),
  };
  return { placeOf: ({ family, value }) => `${family}:${countUpTo(places[family], value)}` };
}

function cutsOfFamily(blocks: readonly Ranges[], family: Family): readonly bigint[] {
  const cuts = new Set<bigint>();
  for (const block of blocks) {
    if (block.family !== family) continue;
    for (const { lo, hi } of block.spans) cuts.add(lo).add(hi + 1n);
  }
  return [...cuts].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** How many of the sorted numbers are not above the limit. */
export function countUpTo(sorted: readonly bigint[], limit: bigint): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle];
    if (value !== undefined && value <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
