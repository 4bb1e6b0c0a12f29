import { buildShape, type Shape } from "./treeshape.ts";
import type { Span, Spans } from "./spans.ts";

/** What a layer of sets counts for; channels can be combined. */
export const channels = { cover: 1, fresh: 2, old: 4 } as const;

// Which kinds of places lie below a node, as bits: those only in `fresh`, in neither, in both, only in `old`.
const onlyFresh = 1;
const neither = 2;
const both = 4;
const onlyOld = 8;

/**
 * A set of numbers that is the union of many layers, which come and go: a segment tree over the
 * places where some layer begins or ends. It knows how much is covered, whether a whole aligned
 * bucket is, and where something is in `fresh` that is not in `old`. Excluded numbers never count.
 */
export type CoverTree = {
  readonly add: (set: Spans, channel: number) => void;
  readonly remove: (set: Spans, channel: number) => void;
  /** How many numbers are covered. */
  readonly covered: () => bigint;
  /** True when all of some aligned bucket is covered. */
  readonly hasBucket: () => boolean;
  /** Numbers in `fresh` and not in `old`, if there are any. */
  readonly findFresh: () => Span | undefined;
};

/** Where the layers live: which numbers there are, which of them never count, what a bucket is. */
export type Ground = {
  readonly last: bigint;
  readonly excluded: Spans;
  readonly bucket: bigint | undefined;
};

/** Creates the tree for layers whose sets are among `sets`. */
export function createTree(ground: Ground, sets: readonly Spans[]): CoverTree {
  const shape = buildShape(ground, sets);
  const nodes = shape.left.length;
  const counts = [new Int32Array(nodes), new Int32Array(nodes), new Int32Array(nodes)] as const;
  const [covers, freshes, olds] = counts;
  const measure = Array.from({ length: nodes }, () => 0n);
  const bucket = new Uint8Array(nodes);
  const kinds = Uint8Array.from(shape.weight, (weight) => (weight > 0n ? neither : 0));

  function change(node: number, from: number, to: number, channel: number, by: number): void {
    const first = shape.first[node] ?? 0;
    const last = shape.last[node] ?? 0;
    if (to < first || from > last) return;
    if (from <= first && to >= last) {
      for (const [bit, count] of counts.entries()) {
        if (channel & (1 << bit)) count[node] = (count[node] ?? 0) + by;
      }
    } else {
      change(shape.left[node] ?? 0, from, to, channel, by);
      change(shape.right[node] ?? 0, from, to, channel, by);
    }
    refresh(node);
  }

  function refresh(node: number): void {
    const left = shape.left[node] ?? -1;
    const right = shape.right[node] ?? -1;
    const weight = shape.weight[node] ?? 0n;
    const full = (covers[node] ?? 0) > 0;
    const below = left < 0 ? 0n : (measure[left] ?? 0n) + (measure[right] ?? 0n);
    measure[node] = full ? weight : below;
    bucket[node] = holdsBucket(node, left, right, full) ? 1 : 0;
    const bottom = weight > 0n ? neither : 0;
    const kind = left < 0 ? bottom : (kinds[left] ?? 0) | (kinds[right] ?? 0);
    kinds[node] = shift(kind, freshes[node] ?? 0, olds[node] ?? 0);
  }

  function holdsBucket(node: number, left: number, right: number, full: boolean): boolean {
    if (full) return shape.holds[node] === 1;
    if (left < 0 || shape.role[node] === "inside") return false;
    if (shape.role[node] === "bucket") return measure[node] === ground.bucket;
    return bucket[left] === 1 || bucket[right] === 1;
  }

  function apply(set: Spans, channel: number, by: number): void {
    for (const { lo, hi } of set) change(0, leafAt(shape, lo), leafAt(shape, hi), channel, by);
  }

  function findFresh(): Span | undefined {
    if (!((kinds[0] ?? 0) & onlyFresh)) return undefined;
    let node = 0;
    let isFresh = false;
    for (let left = shape.left[0] ?? -1; left >= 0; left = shape.left[node] ?? -1) {
      isFresh ||= (freshes[node] ?? 0) > 0;
      const kind = shift(kinds[left] ?? 0, isFresh ? 1 : 0, 0);
      node = kind & onlyFresh ? left : (shape.right[node] ?? 0);
    }
    return shape.leaves[shape.first[node] ?? 0];
  }

  return {
    add: (set, channel) => apply(set, channel, 1),
    remove: (set, channel) => apply(set, channel, -1),
    covered: () => measure[0] ?? 0n,
    hasBucket: () => bucket[0] === 1,
    findFresh,
  };
}

/** The kinds below a node after the layers on the node itself. */
function shift(kind: number, isFresh: number, isOld: number): number {
  let shifted = kind;
  if (isFresh > 0) {
    if (shifted & neither) shifted = (shifted & ~neither) | onlyFresh;
    if (shifted & onlyOld) shifted = (shifted & ~onlyOld) | both;
  }
  if (isOld > 0) {
    if (shifted & neither) shifted = (shifted & ~neither) | onlyOld;
    if (shifted & onlyFresh) shifted = (shifted & ~onlyFresh) | both;
  }
  return shifted;
}

/** Index of the leaf that holds the number. */
function leafAt({ leaves }: Shape, number: bigint): number {
  let low = 0;
  let high = leaves.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((leaves[middle]?.lo ?? 0n) <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}
