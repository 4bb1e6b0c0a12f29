import { expect, test } from "vitest";
import type { LabelSelector, Port } from "../../../src/api/networkpolicy.ts";
import { blockOfText, hasHostBits, isMapped, readCIDR, unfold } from "../../oracle/address.ts";
import { type Cell, countAddresses, cutIntoCells, smallestList } from "../../oracle/cells.ts";
import { countPorts, entriesOf } from "../../oracle/port.ts";
import { fresh, matches, satisfiable } from "../../oracle/selector.ts";
import { createRandom } from "../../fuzz/random.ts";

test.each([
  ["10.0.0.0/8", 4, 0x0a00_0000n, 8],
  ["010.0.0.0/08", 4, 0x0a00_0000n, 8],
  ["::/0", 6, 0n, 0],
  ["2001:db8::1/128", 6, 0x2001_0db8_0000_0000_0000_0000_0000_0001n, 128],
  ["1:2:3:4:5:6:7::/112", 6, 0x0001_0002_0003_0004_0005_0006_0007_0000n, 112],
  ["::FFFF:10.1.2.3/128", 6, 0xffff_0a01_0203n, 128],
] as const)("%s is read bit for bit", (text, family, address, prefix) => {
  expect(readCIDR(text)).toMatchObject({ family, address, prefix });
});

test("leading zeros count in decimal octets and prefix lengths alone", () => {
  const odd = ["010.0.0.0/8", "10.0.0.0/08", "64:ff9b::010.0.0.1/128", "::/00"];
  expect(odd.map((text) => readCIDR(text).leadingZero)).toEqual([true, true, true, true]);
  const fine = ["0.0.0.0/0", "2001:0db8::/32", "::/0", "10.0.0.0/8"];
  expect(fine.map((text) => readCIDR(text).leadingZero)).toEqual([false, false, false, false]);
});

test("host bits and IPv4-mapped addresses are seen as written", () => {
  expect(hasHostBits(readCIDR("10.1.2.3/16"))).toBe(true);
  expect(hasHostBits(readCIDR("10.1.0.0/16"))).toBe(false);
  expect(isMapped(readCIDR("::ffff:0:0/90"))).toBe(true);
  expect(isMapped(readCIDR("64:ff9b::a00:1/128"))).toBe(false);
});

test.each([
  ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
  ["64:ff9b::a00:0/104", "10.0.0.0/8"],
  ["2002:a00::/24", "10.0.0.0/8"],
  ["2002:a9fe:a9fe:1::/64", "169.254.169.254/32"],
  ["2002::/16", "0.0.0.0/0"],
])("%s carries %s", (text, inner) => {
  const { family, prefix, lo, hi } = blockOfText(text);
  expect({ family, prefix, lo, hi }).toEqual({ ...unfold(readCIDR(inner)), longer: undefined });
});

test.each(["::ffff:0:0/95", "64:ff9b::/95", "2002::/15", "::/0"])("%s stays IPv6", (text) => {
  expect(blockOfText(text).family).toBe(6);
});

test("the smallest list of CIDRs is the one that pairwise merging ends in", () => {
  const random = createRandom(1, 1);
  for (let round = 0; round < 200; round += 1) {
    // All /32 of 0.0.0.0/27, some of them in the set.
    const chosen = Array.from({ length: 32 }, () => random.chance(60));
    const cells: Cell[] = chosen.flatMap((is, n) => (is ? [{ lo: BigInt(n), hi: BigInt(n) }] : []));
    let blocks = cells.map(({ lo }) => ({ at: Number(lo), size: 1 }));
    for (let size = 1; size < 32; size *= 2) {
      const halves = new Set(blocks.filter((b) => b.size === size).map((b) => b.at));
      for (const at of halves) {
        if (at % (size * 2) !== 0 || !halves.has(at + size)) continue;
        blocks = blocks.filter((b) => !(b.size === size && (b.at === at || b.at === at + size)));
        blocks.push({ at, size: size * 2 });
      }
    }
    const expected = blocks.map(({ size }) => 32 - Math.log2(size)).toSorted((a, b) => a - b);
    expect(smallestList(4, cells).toSorted((a, b) => a - b)).toEqual(expected);
    expect(countAddresses(cells)).toBe(BigInt(cells.length));
  }
});

test("cells cut the whole space at every limit", () => {
  const cells = cutIntoCells(4, [blockOfText("128.0.0.0/1"), blockOfText("::/1")]);
  expect(cells).toEqual([
    { lo: 0n, hi: 0x7fff_ffffn },
    { lo: 0x8000_0000n, hi: 0xffff_ffffn },
  ]);
});

function expression(operator: string, values?: readonly string[]): LabelSelector {
  return { matchExpressions: [{ key: "constructor", operator, ...(values && { values }) }] };
}

test("operators read absent labels as the API does", () => {
  const absent = new Map<string, string>();
  expect(matches(expression("NotIn", ["x"]), absent)).toBe(true);
  expect(matches(expression("In", ["x"]), absent)).toBe(false);
  expect(matches(expression("Exists"), absent)).toBe(false);
  expect(matches(expression("DoesNotExist"), absent)).toBe(true);
  expect(matches({ matchLabels: { constructor: "" } }, absent)).toBe(false);
  expect(matches(expression("NotIn", ["x"]), new Map([["constructor", fresh]]))).toBe(true);
});

test("a contradiction is not satisfiable", () => {
  const both = {
    matchLabels: { a: "b" },
    matchExpressions: [{ key: "a", operator: "NotIn", values: ["b"] }],
  };
  expect(satisfiable(both)).toBe(false);
  expect(satisfiable({ matchLabels: { a: "b" } })).toBe(true);
  expect(satisfiable(null)).toBe(true);
});

function countTCP(ports: readonly Port[]): number {
  return countPorts(entriesOf(ports), "TCP");
}

test("ports are counted once, and a name is covered by its whole protocol alone", () => {
  expect(countTCP([])).toBe(65_535);
  expect(countTCP([{}, { port: "http" }])).toBe(65_535);
  expect(
    countTCP([
      { port: 1, endPort: 1024 },
      { port: 1000, endPort: 1025 },
    ]),
  ).toBe(1025);
  expect(countTCP([{ port: 1, endPort: 65_534 }, { port: "http" }])).toBe(65_535);
  expect(countTCP([{ protocol: "UDP" }])).toBe(0);
});
