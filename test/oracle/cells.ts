import { bitsOf, type Block, type Family } from "./address.ts";

// Every address set is a subset of elementary cells: all addresses of one family, cut at every
// limit of every block that the case mentions. Union, difference and cover are then per cell.

export type Cell = { readonly lo: bigint; readonly hi: bigint };

/** The whole address space of a family, cut at both ends of each block. */
export function cutIntoCells(family: Family, blocks: readonly Block[]): readonly Cell[] {
  const end = 1n << BigInt(bitsOf(family));
  const cuts = new Set<bigint>([0n, end]);
  for (const block of blocks) {
    if (block.family !== family) continue;
    cuts.add(block.lo);
    cuts.add(block.hi + 1n);
  }
  const sorted = [...cuts].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.slice(0, -1).map((lo, index) => ({ lo, hi: (sorted[index + 1] ?? end) - 1n }));
}

/** True when the block covers the cell; a cell is never covered in part. */
export function covers(block: Block, family: Family, cell: Cell): boolean {
  return block.family === family && block.lo <= cell.lo && cell.hi <= block.hi;
}

/** The number of addresses in a set of cells. */
export function countAddresses(cells: readonly Cell[]): bigint {
  return cells.reduce((sum, cell) => sum + (cell.hi - cell.lo + 1n), 0n);
}

function mergeNeighbours(cells: readonly Cell[]): readonly Cell[] {
  const merged: { lo: bigint; hi: bigint }[] = [];
  for (const cell of cells) {
    const last = merged.at(-1);
    if (last && last.hi + 1n === cell.lo) last.hi = cell.hi;
    else merged.push({ lo: cell.lo, hi: cell.hi });
  }
  return merged;
}

/**
 * The prefix lengths of the smallest list of CIDRs equal to the set (cells in order): from the left
 * end of each gapless stretch, again and again the largest aligned block that still fits.
 */
export function smallestList(family: Family, cells: readonly Cell[]): readonly number[] {
  const bits = bitsOf(family);
  const prefixes: number[] = [];
  for (const stretch of mergeNeighbours(cells)) {
    let lo = stretch.lo;
    while (lo <= stretch.hi) {
      // A block may start where its size divides the address: the lowest bit set says how large.
      let size = lo === 0n ? 1n << BigInt(bits) : lo & -lo;
      while (lo + size - 1n > stretch.hi) size /= 2n;
      prefixes.push(bits - (size.toString(2).length - 1));
      lo += size;
    }
  }
  return prefixes;
}
