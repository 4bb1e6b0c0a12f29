import type { Family } from "../address.ts";
import type { Ranges } from "./address.ts";
import { addBit, type Bits, noBits } from "./bits.ts";
import type { PodGroup } from "./class.ts";
import { countUpTo } from "./cuts.ts";

/** Finds the pods whose address is, or may be, in a block. */
export type BlockIndex = { readonly select: (block: Ranges) => Bits };

type Sorted = { readonly values: readonly bigint[]; readonly owners: readonly number[] };

/** Indexes groups of pods by their addresses; those on the host's network have none of their own. */
export function indexAddresses(groups: readonly PodGroup[]): BlockIndex {
  const size = groups.length;
  const unknown = noBits(size);
  const every = noBits(size);
  for (const [at, { hostNetwork, addresses }] of groups.entries()) {
    if (hostNetwork) continue;
    addBit(every, at);
    if (addresses === undefined) addBit(unknown, at);
  }
  const sorted: { readonly [F in Family]: Sorted } = { 4: sort(groups, 4), 6: sort(groups, 6) };
  return {
    select({ family, spans, ambiguous }) {
      if (ambiguous) return every;
      if (spans.length === 0) return noBits(size);
      const selected = unknown.slice();
      const { values, owners } = sorted[family];
      for (const { lo, hi } of spans) {
        for (let at = countUpTo(values, lo - 1n); at < values.length; at += 1) {
          if ((values[at] ?? 0n) > hi) break;
          addBit(selected, owners[at] ?? 0);
        }
      }
      return selected;
    },
  };
}

function sort(groups: readonly PodGroup[], family: Family): Sorted {
  const entries = groups
    .flatMap(({ hostNetwork, addresses = [] }, owner) =>
      hostNetwork ? [] : addresses.map((address) => ({ ...address, owner })),
    )
    .filter((entry) => entry.family === family)
    .toSorted((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  return { values: entries.map(({ value }) => value), owners: entries.map(({ owner }) => owner) };
}
