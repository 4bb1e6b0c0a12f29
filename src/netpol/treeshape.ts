import { contains, type Span, type Spans } from "./spans.ts";
import type { Ground } from "./tree.ts";

/**
 * The unchanging part of a cover tree. Node 0 is the root; a leaf has no children (-1). Above the
 * buckets nodes hold whole buckets, below them parts of one.
 */
export type Shape = {
  readonly leaves: readonly Span[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Index of the first and last leaf below a node. */
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** Numbers below a node that are not excluded. */
  readonly weight: readonly bigint[];
  readonly role: readonly Role[];
  /** 1 when a node that is covered throughout has a whole bucket covered. */
  readonly holds: readonly number[];
};

type Role = "above" | "bucket" | "inside";

/** Cuts the ground at every place where a set or an excluded span begins or ends. */
export function buildShape(ground: Ground, sets: readonly Spans[]): Shape {
  const leaves = cut(ground, sets);
  const shape = {
    leaves,
    left: [] as number[],
    right: [] as number[],
    first: [] as number[],
    last: [] as number[],
    weight: [] as bigint[],
    role: [] as Role[],
    holds: [] as number[],
  };
  const groups = groupByBucket(ground, leaves);

  function node(role: Role, first: number, last: number): number {
    shape.left.push(-1);
    shape.right.push(-1);
    shape.weight.push(0n);
    shape.holds.push(0);
    shape.first.push(first);
    shape.last.push(last);
    return shape.role.push(role) - 1;
  }

  function join(at: number, left: number, right: number): number {
    shape.left[at] = left;
    shape.right[at] = right;
    shape.weight[at] = (shape.weight[left] ?? 0n) + (shape.weight[right] ?? 0n);
    if (shape.role[at] === "above") {
      shape.holds[at] = shape.holds[left] === 1 || shape.holds[right] === 1 ? 1 : 0;
    } else if (shape.role[at] === "bucket") {
      shape.holds[at] = shape.weight[at] === ground.bucket ? 1 : 0;
    }
    return at;
  }

  function leaf(at: number, index: number): number {
    const span = leaves[index];
    if (span === undefined || contains(ground.excluded, span.lo)) return at;
    const size = span.hi - span.lo + 1n;
    shape.weight[at] = size;
    const whole = ground.bucket !== undefined && size >= ground.bucket;
    shape.holds[at] = whole && shape.role[at] !== "inside" ? 1 : 0;
    return at;
  }

  function build(role: Role, first: number, last: number): number {
    const at = node(role, first, last);
    if (first === last) return leaf(at, first);
    const middle = (first + last) >>> 1;
    const left = build("inside", first, middle);
    return join(at, left, build("inside", middle + 1, last));
  }

  function buildAbove(from: number, to: number): number {
    const first = groups[from] ?? 0;
    const last = (groups[to + 1] ?? leaves.length) - 1;
    if (from === to) return build(ground.bucket === undefined ? "inside" : "bucket", first, last);
    const at = node("above", first, last);
    const middle = (from + to) >>> 1;
    const left = buildAbove(from, middle);
    return join(at, left, buildAbove(middle + 1, to));
  }

  buildAbove(0, groups.length - 1);
  return shape;
}

function cut(ground: Ground, sets: readonly Spans[]): readonly Span[] {
  const starts = [0n];
  for (const spans of [...sets, ground.excluded]) {
    for (const { lo, hi } of spans) {
      for (const start of [lo, hi + 1n]) {
        starts.push(start);
        if (ground.bucket === undefined) continue;
        // Also at the ends of the bucket in which it lies: no leaf is a bucket and a part of one.
        const floor = start - (start % ground.bucket);
        if (floor !== start) starts.push(floor, floor + ground.bucket);
      }
    }
  }
  // Not a Set: bigints whose low digits are equal, as in IPv6 prefixes, have equal hashes.
  const sorted = starts
    .filter((start) => start <= ground.last)
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .filter((start, index, all) => start !== all[index - 1]);
  return sorted.map((lo, index) => ({ lo, hi: (sorted[index + 1] ?? ground.last + 1n) - 1n }));
}

/** Index of the first leaf of each bucket that is cut, and of each leaf that is whole buckets. */
function groupByBucket({ bucket }: Ground, leaves: readonly Span[]): readonly number[] {
  if (bucket === undefined) return [0];
  const starts: number[] = [];
  for (const [index, { lo }] of leaves.entries()) {
    if (lo % bucket === 0n) starts.push(index);
  }
  return starts;
}
