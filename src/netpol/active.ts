/** Which layers are active, by index. */
export type Active = {
  readonly has: (index: number) => boolean;
  /** The first active index that is not below the given one; -1 when there is none. */
  readonly next: (from: number) => number;
};

const blockLength = 256;

/** Nothing is active yet; among very many layers the few active ones are found by blocks. */
export function createActive(
  length: number,
): Active & { readonly set: (index: number, isActive: boolean) => void } {
  const flags = new Uint8Array(length);
  const counts = new Uint16Array(Math.ceil(length / blockLength));
  return {
    has: (index) => flags[index] === 1,
    next(from) {
      for (let at = from; at < length;) {
        const block = Math.floor(at / blockLength);
        const end = (block + 1) * blockLength;
        if ((counts[block] ?? 0) > 0) {
          const found = flags.subarray(at, end).indexOf(1);
          if (found >= 0) return at + found;
        }
        at = end;
      }
      return -1;
    },
    set(index, isActive) {
      if ((flags[index] === 1) === isActive) return;
      flags[index] = isActive ? 1 : 0;
      const block = Math.floor(index / blockLength);
      counts[block] = (counts[block] ?? 0) + (isActive ? 1 : -1);
    },
  };
}

/** Indices of the active layers among the first `count`. */
export function activeAmong(active: Active, count: number): readonly number[] {
  const indices: number[] = [];
  for (let at = active.next(0); at >= 0 && at < count; at = active.next(at + 1)) indices.push(at);
  return indices;
}
