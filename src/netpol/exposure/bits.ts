/** A set of small whole numbers: one bit each. Filled where it is made, never changed later. */
export type Bits = Uint32Array;

/** An empty set of numbers below `size`. */
export function noBits(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5);
}

/** All numbers from `start` up to, not including, `end`. */
export function bitsBetween(size: number, start: number, end: number): Bits {
  const bits = noBits(size);
  for (let at = start; at < end; at += 1) addBit(bits, at);
  return bits;
}

export function addBit(bits: Bits, at: number): void {
  const word = at >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (at & 31));
}

export function hasBit(bits: Bits, at: number): boolean {
  return (((bits[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
}

/** Adds all of `more` to `bits`. */
export function addBits(bits: Bits, more: Bits): void {
  for (let word = 0; word < bits.length; word += 1) {
    bits[word] = (bits[word] ?? 0) | (more[word] ?? 0);
  }
}

/** Leaves in `bits` only what is in `other` too. */
export function keepBits(bits: Bits, other: Bits): void {
  for (let word = 0; word < bits.length; word += 1) {
    bits[word] = (bits[word] ?? 0) & (other[word] ?? 0);
  }
}

/** Takes all of `less` out of `bits`. */
export function dropBits(bits: Bits, less: Bits): void {
  for (let word = 0; word < bits.length; word += 1) {
    bits[word] = (bits[word] ?? 0) & ~(less[word] ?? 0);
  }
}

/** Calls back for each number of the set, in order. */
export function eachBit(bits: Bits, visit: (at: number) => void): void {
  for (let word = 0; word < bits.length; word += 1) {
    for (let left = bits[word] ?? 0; left !== 0;) {
      const lowest = left & -left;
      visit((word << 5) + 31 - Math.clz32(lowest));
      left ^= lowest;
    }
  }
}
