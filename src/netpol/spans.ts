/** Whole numbers from `lo` to `hi`, both included: addresses of one family, or ports. */
export type Span = { readonly lo: bigint; readonly hi: bigint };

/** A set of numbers: sorted, disjoint spans that do not touch. */
export type Spans = readonly Span[];

/** The set of numbers in any of the given spans, in any order. */
export function union(spans: readonly Span[]): Spans {
  const sorted = spans.toSorted((a, b) => (a.lo < b.lo ? -1 : a.lo > b.lo ? 1 : 0));
  const merged: { lo: bigint; hi: bigint }[] = [];
  for (const { lo, hi } of sorted) {
    const last = merged.at(-1);
    if (last === undefined || lo > last.hi + 1n) merged.push({ lo, hi });
    else if (hi > last.hi) last.hi = hi;
  }
  return merged;
}

/** The numbers of `from` that are not in `less`. */
export function subtract(from: Spans, less: Spans): Spans {
  const left: Span[] = [];
  let next = 0;
  for (const span of from) {
    let { lo } = span;
    for (; next < less.length; next += 1) {
      const cut = less[next];
      if (cut === undefined || cut.lo > span.hi) break;
      if (cut.lo > lo) left.push({ lo, hi: cut.lo - 1n });
      if (cut.hi >= lo) lo = cut.hi + 1n;
      // A cut that goes on beyond this span may also touch the next one.
      if (cut.hi > span.hi) break;
    }
    if (lo <= span.hi) left.push({ lo, hi: span.hi });
  }
  return left;
}

/** The numbers in both. */
export function intersect(a: Spans, b: Spans): Spans {
  const both: Span[] = [];
  let j = firstEndingAt(b, a[0]?.lo ?? 0n);
  for (let i = 0; i < a.length && j < b.length;) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) break;
    const lo = left.lo > right.lo ? left.lo : right.lo;
    const hi = left.hi < right.hi ? left.hi : right.hi;
    if (lo <= hi) both.push({ lo, hi });
    if (left.hi < right.hi) i += 1;
    else j += 1;
  }
  return both;
}

/** How many numbers there are. */
export function size(spans: Spans): bigint {
  let sum = 0n;
  for (const { lo, hi } of spans) sum += hi - lo + 1n;
  return sum;
}

/** True when the number is in the set. */
export function contains(spans: Spans, number: bigint): boolean {
  const span = spans[firstEndingAt(spans, number)];
  return span !== undefined && span.lo <= number;
}

/** True when every number of `inner` is in `outer`. */
export function includes(outer: Spans, inner: Spans): boolean {
  return inner.every(({ lo, hi }) => {
    const span = outer[firstEndingAt(outer, lo)];
    return span !== undefined && span.lo <= lo && span.hi >= hi;
  });
}

/** True when both have a number in common; logarithmic in the longer of the two. */
export function overlaps(a: Spans, b: Spans): boolean {
  const [few, many] = a.length < b.length ? [a, b] : [b, a];
  return few.some(({ lo, hi }) => {
    const span = many[firstEndingAt(many, lo)];
    return span !== undefined && span.lo <= hi;
  });
}

/** Index of the first span that ends at or after the number. */
export function firstEndingAt(spans: Spans, number: bigint): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const span = spans[middle];
    if (span !== undefined && span.hi < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
