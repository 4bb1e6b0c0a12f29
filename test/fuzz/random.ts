/** A small seeded source of chance; the same seed gives the same case on every machine. */
export type Random = {
  /** A whole number from 0 up to, not including, `limit`. */
  readonly below: (limit: number) => number;
  /** True in about `percent` of a hundred calls. */
  readonly chance: (percent: number) => boolean;
  readonly pick: <T>(choices: readonly T[]) => T;
};

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** The chance of case number `index` of a run, so that each case can be had alone. */
export function createRandom(seed: number, index: number): Random {
  let state = mix(mix(seed) + index * 0x9e3779b9);
  function next(): number {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state);
  }
  function below(limit: number): number {
    return next() % limit;
  }
  function pick<T>(choices: readonly T[]): T {
    for (const choice of choices.slice(below(choices.length))) return choice;
    throw new Error("nothing to pick from");
  }
  return { below, chance: (percent) => below(100) < percent, pick };
}

/** `count` things, each made anew. */
export function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
