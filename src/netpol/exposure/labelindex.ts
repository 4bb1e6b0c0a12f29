import type { Domain } from "../domain.ts";
import type { Selector } from "../selector.ts";
import { addBit, addBits, type Bits, bitsBetween, dropBits, keepBits, noBits } from "./bits.ts";
import type { Labels } from "./vocabulary.ts";

/** Finds the items that a selector selects without looking at each of them. */
export type LabelIndex = { readonly select: (selector: Selector) => Bits };

type KeyIndex = { readonly present: Bits; readonly values: Map<string, Bits> };

/** Indexes items by their labels; items are known by their position. */
export function indexLabels(items: readonly Labels[]): LabelIndex {
  const size = items.length;
  const keys = new Map<string, KeyIndex>();
  for (const [at, labels] of items.entries()) {
    for (const [key, value] of labels) {
      const index = keys.get(key) ?? { present: noBits(size), values: new Map<string, Bits>() };
      keys.set(key, index);
      addBit(index.present, at);
      const holders = index.values.get(value) ?? noBits(size);
      index.values.set(value, holders);
      addBit(holders, at);
    }
  }
  const every = bitsBetween(size, 0, size);
  const absentEverywhere: KeyIndex = { present: noBits(size), values: new Map() };
  return {
    select(selector) {
      if (!selector.possible) return noBits(size);
      const selected = every.slice();
      for (const [key, domain] of selector.keys) {
        keepBits(selected, allowedBy(domain, keys.get(key) ?? absentEverywhere, every));
      }
      return selected;
    },
  };
}

function allowedBy(domain: Domain, { present, values }: KeyIndex, every: Bits): Bits {
  const listed = new Uint32Array(every.length);
  for (const value of domain.values) {
    const holders = values.get(value);
    if (holders !== undefined) addBits(listed, holders);
  }
  const allowed = domain.complement ? present.slice() : listed;
  if (domain.complement) dropBits(allowed, listed);
  if (domain.absent) {
    const without = every.slice();
    dropBits(without, present);
    addBits(allowed, without);
  }
  return allowed;
}
