import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMeter } from "../../../src/netpol/meter.ts";
import { contains, type Span, type Spans, union } from "../../../src/netpol/spans.ts";
import { activeAmong } from "../../../src/netpol/active.ts";
import { type Layer, sweep } from "../../../src/netpol/sweep.ts";
import { channels, createTree } from "../../../src/netpol/tree.ts";

const last = 31;
const numbers = Array.from({ length: last + 1 }, (_, index) => BigInt(index));

function spansUpTo(most: number): fc.Arbitrary<Spans> {
  const span: fc.Arbitrary<Span> = fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: 9 }))
    .map(([lo, length]) => ({ lo: BigInt(lo), hi: BigInt(Math.min(most, lo + length)) }));
  return fc.array(span, { minLength: 1, maxLength: 3 }).map(union);
}

const layer: fc.Arbitrary<Layer> = fc.record({
  channel: fc.constantFrom(
    channels.cover,
    channels.fresh,
    channels.old,
    channels.cover | channels.fresh,
  ),
  over: spansUpTo(10),
  set: spansUpTo(last),
});

describe("the tree that a sweep shows", () => {
  it("knows cover, whole buckets and what is new at every point of the axis", () => {
    fc.assert(
      fc.property(
        fc.array(layer, { minLength: 1, maxLength: 6 }),
        fc.oneof(fc.constant([]), spansUpTo(last)),
        fc.constantFrom(undefined, 1n, 4n, 8n, 32n),
        (layers, excluded, bucket) => {
          const tree = createTree(
            { last: BigInt(last), excluded, bucket },
            layers.map(({ set }) => set),
          );
          const seen: bigint[] = [];
          sweep(layers, tree, createMeter(), (atom, active) => {
            for (let at = atom.lo; at <= atom.hi; at += 1n) {
              seen.push(at);
              const here = layers.filter(({ over }) => contains(over, at));
              const isIn = (number: bigint, channel: number) =>
                !contains(excluded, number) &&
                here.some((one) => (one.channel & channel) > 0 && contains(one.set, number));
              const covered = numbers.filter((number) => isIn(number, channels.cover));
              const fresh = numbers.filter(
                (number) => isIn(number, channels.fresh) && !isIn(number, channels.old),
              );
              const isWholeBucket = (start: bigint, size: bigint) =>
                numbers
                  .filter((number) => number >= start && number < start + size)
                  .every((number) => covered.includes(number));

              expect(tree.covered()).toBe(BigInt(covered.length));
              expect(tree.hasBucket()).toBe(
                bucket !== undefined &&
                  numbers.some((start) => start % bucket === 0n && isWholeBucket(start, bucket)),
              );
              const found = tree.findFresh();
              expect(found === undefined).toBe(fresh.length === 0);
              expect(found === undefined || fresh.includes(found.lo)).toBe(true);
              expect(found === undefined || fresh.includes(found.hi)).toBe(true);
              expect(activeAmong(active, layers.length).map((index) => layers[index])).toEqual(
                here,
              );
            }
          });
          const wanted = Array.from({ length: 11 }, (_, index) => BigInt(index)).filter((at) =>
            layers.some(({ over }) => contains(over, at)),
          );
          expect(seen).toEqual(wanted);
          expect(tree.covered()).toBe(0n);
        },
      ),
    );
  });

  it("stops when the meter has run out", () => {
    const layers = [
      { channel: channels.cover, over: [{ lo: 0n, hi: 9n }], set: [{ lo: 0n, hi: 9n }] },
    ];
    const tree = createTree({ last: 31n, excluded: [], bucket: undefined }, [[{ lo: 0n, hi: 9n }]]);
    const meter = createMeter(1);
    let visits = 0;
    sweep(layers, tree, meter, () => {
      visits += 1;
    });
    expect(visits).toBe(0);
    expect(meter.exhausted()).toBe(true);
  });
});
