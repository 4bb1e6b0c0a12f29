import type { IPBlock } from "../../src/api/networkpolicy.ts";
import { readCIDR } from "../oracle/address.ts";
import { type Random, times } from "./random.ts";
import { type Plain, spell, spellOddly } from "./spell.ts";

const pool4 =
  `0.0.0.0/0 0.0.0.0/0 0.0.0.0/1 128.0.0.0/1 0.0.0.0/2 8.0.0.0/7 8.0.0.0/8 9.0.0.0/8 11.0.0.0/8
  10.0.0.0/8 10.0.0.0/7 10.0.0.0/9 10.20.0.0/16 10.20.0.0/17 10.20.30.0/24 10.20.30.0/23 10.20.30.0/25
  10.244.0.0/16 10.244.7.0/24 10.244.6.0/23 10.96.0.0/12 172.16.0.0/12 172.16.0.0/16 192.168.0.0/16
  192.168.0.0/15 100.64.0.0/10 100.100.100.200/32 100.100.100.0/24 100.100.0.0/16 169.254.0.0/16
  169.254.169.254/32 169.254.169.254/31 169.254.169.0/24 169.254.169.253/32 169.254.170.2/32
  169.254.170.0/24 169.254.170.0/23 168.63.129.16/32 168.63.129.0/24 168.63.128.0/23 192.0.0.192/32
  192.0.0.0/24 169.254.20.10/32 169.254.0.23/32 169.254.42.42/32 203.0.113.0/24 93.184.0.0/16
  93.184.216.34/32 127.0.0.0/8 224.0.0.0/4 240.0.0.0/4 20.0.0.0/8 21.0.0.0/8 22.0.0.0/8 23.0.0.0/8
  24.0.0.0/8 44.128.0.0/16 44.128.9.0/24`.split(/\s+/);

const pool6 =
  `::/0 ::/0 ::/1 8000::/1 2000::/3 2000::/4 fc00::/7 fd00::/8 fe80::/10 fd00:ec2::254/128
  fd00:ec2::/64 fd00:ec2::/32 fd00:ec2::/63 fd20:ce::254/128 fd20:ce::/48 fd00:c1::a9fe:a9fe/128
  fd00:42::/64 fd00:42::/48 fd00:100::100:200/128 2001:db8::/32 2001:db8::/48 2001:db8:1::/48
  2001:db8::/47 2001:db8:0:1::/64 2600::/16 2601::/16 2600::/15 2602::/16 2603::/16 2604::/16
  fd10:244::/56 fd10:244:0:7::/64 fd10:244::/63 fd10:244::/64
  ::ffff:0:0/96 ::ffff:10.0.0.0/104 ::ffff:a00:0/112 ::ffff:169.254.169.254/128 ::ffff:0:0/95 ::ffff:0:0/97
  64:ff9b::/96 64:ff9b::10.20.0.0/112 64:ff9b::a9fe:a9fe/128 64:ff9b::/95 64:ff9b::a83f:8110/120
  2002::/16 2002::/15 2002:a00::/24 2002:a14::/32 2002:a9fe:a9fe::/48 2002:a9fe:a9fe:1::/64
  2002:a83f:8110::/48 2002:a9fe::/32`.split(/\s+/);

const private4 = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
];
const private6 = ["fc00::/7", "fe80::/10"];

function plain(text: string): Plain {
  const { family, address, prefix } = readCIDR(text);
  return { family, address, prefix };
}

const plain4 = pool4.map(plain);
const plain6 = pool6.map(plain);
const own4 = private4.map(plain);
const own6 = private6.map(plain);

function bits({ family }: Plain): number {
  return family === 4 ? 32 : 128;
}

function masked(block: Plain, prefix: number): Plain {
  const size = 1n << BigInt(bits(block) - prefix);
  return { ...block, address: (block.address / size) * size, prefix };
}

function isMapped({ family, address }: Plain): boolean {
  return family === 6 && address >> 32n === 0xffffn;
}

/** True when `inner` is a strict part of `outer`, as an API server counts it. */
function isInside(inner: Plain, outer: Plain): boolean {
  if (inner.family !== outer.family || inner.prefix <= outer.prefix) return false;
  if (isMapped(inner) !== isMapped(masked(outer, outer.prefix))) return false;
  return masked(inner, outer.prefix).address === masked(outer, outer.prefix).address;
}

function child(random: Random, block: Plain): Plain | undefined {
  const steps = 1 + random.below(random.pick([1, 2, 8]));
  const prefix = Math.min(bits(block), block.prefix + steps);
  if (prefix === block.prefix) return undefined;
  const chosen = BigInt(random.below(1 << (prefix - block.prefix)));
  const address = masked(block, block.prefix).address;
  return { ...block, address: address + (chosen << BigInt(bits(block) - prefix)), prefix };
}

function excepts(random: Random, block: Plain): readonly Plain[] {
  const pool = block.family === 4 ? plain4 : plain6;
  const own = block.family === 4 ? own4 : own6;
  const kind = random.below(100);
  const halves = times(2, (half) => ({
    ...masked(block, block.prefix),
    prefix: block.prefix + 1,
    address:
      masked(block, block.prefix).address +
      (BigInt(half) << BigInt(Math.max(0, bits(block) - block.prefix - 1))),
  }));
  if (kind < 35) return own;
  if (kind < 45) return own.filter(() => random.chance(75));
  if (kind < 52) return block.prefix < bits(block) ? halves : [];
  if (kind < 60) return own.concat(times(2, () => random.pick(pool)));
  if (kind < 75) return times(1 + random.below(3), () => random.pick(pool));
  return times(1 + random.below(3), () => child(random, block)).filter((one) => one !== undefined);
}

function base(random: Random): Plain {
  const start = random.pick(random.chance(66) ? plain4 : plain6);
  const kind = random.below(100);
  if (kind < 80) return start;
  if (kind < 90) return child(random, start) ?? start;
  return masked(start, Math.max(0, start.prefix - 1 - random.below(2)));
}

/** An `ipBlock`, valid for an API server before 1.36, often with excepts that matter. */
export function ipBlock(random: Random): IPBlock {
  const block = base(random);
  const cidr = spellOddly(random, block);
  const kind = random.below(100);
  if (kind < 45 && block.prefix > 1) return { cidr };
  if (kind < 50) return { cidr, except: random.pick([null, []]) };
  const inside = excepts(random, block).filter((one) => isInside(one, block));
  if (block.family === 4 && random.chance(4)) {
    const mapped = inside.map(({ address, prefix }) => ({
      family: 6 as const,
      address: (0xffffn << 32n) + address,
      prefix: prefix + 96,
    }));
    return { cidr, except: mapped.map(spell) };
  }
  return { cidr, except: inside.map((one) => spellOddly(random, one)) };
}

/** The block with one more valid except, or nothing when this try found none. */
export function addExcept(random: Random, block: IPBlock): IPBlock | undefined {
  const outer = plain(block.cidr);
  const more = excepts(random, outer).find((one) => isInside(one, outer));
  return more && { ...block, except: [...(block.except ?? []), spell(masked(more, more.prefix))] };
}
