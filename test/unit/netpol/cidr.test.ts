import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress, parseAddress } from "../../../src/netpol/address.ts";
import { blockOf, isStrictSubset } from "../../../src/netpol/block.ts";
import {
  formatCIDR,
  parseCIDR,
  smallestList,
  spanOf,
  type WrittenCIDR,
} from "../../../src/netpol/cidr.ts";
import { fold } from "../../../src/netpol/fold.ts";
import { union } from "../../../src/netpol/spans.ts";

function cidr(text: string): WrittenCIDR {
  const parsed = parseCIDR(text);
  if (parsed === undefined) throw new Error(`not a block: ${text}`);
  return parsed;
}

describe("parsing blocks as the API server does", () => {
  it.each([
    ["10.0.0.0/8", "10.0.0.0/8", false],
    ["10.1.2.3/16", "10.1.0.0/16", false],
    ["010.0.0.0/8", "10.0.0.0/8", true],
    ["10.0.0.0/08", "10.0.0.0/8", true],
    ["0.0.0.0/0", "0.0.0.0/0", false],
    ["000.0.0.0/0", "0.0.0.0/0", true],
    ["::/0", "::/0", false],
    ["fd00:0001::/32", "fd00:1::/32", false],
    ["2001:db8:0:0:1:0:0:1/128", "2001:db8::1:0:0:1/128", false],
    ["::ffff:10.0.0.1/128", "::ffff:a00:1/128", false],
    ["::ffff:010.0.0.1/128", "::ffff:a00:1/128", true],
    ["1:2:3:4:5:6:7::/112", "1:2:3:4:5:6:7:0/112", false],
  ])("reads %s", (text, canonical, leadingZero) => {
    const parsed = cidr(text);
    expect(formatCIDR(parsed)).toBe(canonical);
    expect(parsed.leadingZero).toBe(leadingZero);
  });

  it.each([
    "",
    "10.0.0.0",
    "10.0.0/24",
    "10.0.0.0/33",
    "10.0.0.256/32",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    " 10.0.0.0/8",
    "0x10.0.0.0/8",
    "::/129",
    ":::/0",
    "1::2::3/128",
    "1:2:3:4:5:6:7:8:9/128",
    "1:2:3:4:5:6:7::8/128",
    "fe80::1%eth0/64",
    "10.0.0.0::/96",
    "12345::/16",
  ])("refuses %s", (text) => {
    expect(parseCIDR(text)).toBeUndefined();
  });

  it("formats every address so that it is read back", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.boolean(), (value, isV4) => {
        const address = isV4
          ? { family: 4 as const, value: value & 0xffff_ffffn }
          : { family: 6 as const, value };
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });
});

describe("folding IPv4 out of IPv6", () => {
  it.each([
    ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
    ["::ffff:0:0/96", "0.0.0.0/0"],
    ["::ffff:0:0/95", "::fffe:0:0/95"],
    ["64:ff9b::a9fe:a9fe/128", "169.254.169.254/32"],
    ["64:ff9b::/95", "64:ff9b::/95"],
    ["2002::/16", "0.0.0.0/0"],
    ["2002:a9fe:a9fe::/48", "169.254.169.254/32"],
    ["2002:a9fe:a9fe:1::/64", "169.254.169.254/32"],
    ["2002::/15", "2002::/15"],
    ["2001:db8::/32", "2001:db8::/32"],
  ])("reads %s as %s", (written, meant) => {
    expect(formatCIDR(fold(cidr(written)))).toBe(meant);
  });

  it("removes nothing for a part of a 6to4 address", () => {
    const block = blockOf(cidr("2002:a00::/24"), [cidr("2002:a01:203:4::/64")]);
    expect(block.spans).toEqual([spanOf(cidr("10.0.0.0/8"))]);
  });

  it("removes an except that is folded like its block", () => {
    const block = blockOf(cidr("10.0.0.0/8"), [cidr("::ffff:10.128.0.0/105")]);
    expect(block.spans).toEqual([spanOf(cidr("10.0.0.0/9"))]);
  });
});

describe("strict subsets", () => {
  it.each([
    ["10.1.0.0/16", "10.0.0.0/8", true],
    ["10.0.0.0/8", "10.0.0.0/8", false],
    ["11.0.0.0/16", "10.0.0.0/8", false],
    ["fd00::/16", "::/0", true],
    ["::ffff:0:0/96", "::/0", false],
    ["::ffff:10.1.0.0/112", "10.0.0.0/8", true],
    ["10.1.0.0/16", "::ffff:10.0.0.0/104", false],
  ])("%s of %s: %s", (except, block, isSubset) => {
    expect(isStrictSubset(cidr(except), cidr(block))).toBe(isSubset);
  });
});

describe("the smallest list of blocks", () => {
  it("holds exactly the set and cannot be joined further", () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 90 }))
      .map(([lo, length]) => ({ lo: BigInt(lo), hi: BigInt(Math.min(255, lo + length)) }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), (spans) => {
        const list = smallestList(4, union(spans));
        expect(union(list.map(spanOf))).toEqual(union(spans));
        for (const [index, block] of list.entries()) {
          const next = list[index + 1];
          const parent = { ...block, prefix: block.prefix - 1 };
          const isPair = next?.prefix === block.prefix && spanOf(parent).hi === spanOf(next).hi;
          const isFirst = block.network % (1n << BigInt(32 - block.prefix + 1)) === 0n;
          expect(isPair && isFirst).toBe(false);
        }
      }),
    );
  });

  it("begins each block at an address where a block of its size may begin", () => {
    const list = smallestList(4, [{ lo: 1n, hi: 4n }]);
    expect(list.map(formatCIDR)).toEqual(["0.0.0.1/32", "0.0.0.2/31", "0.0.0.4/32"]);
  });
});
