import { bits } from "./address.ts";
import { type CIDR, spanOf } from "./cidr.ts";

/** IPv6 ranges whose addresses stand for an IPv4 address, and where in them it stands. */
const translations = [
  { network: 0xffffn << 32n, prefix: 96 }, // IPv4-mapped, ::ffff:0:0/96
  { network: (0x64n << 112n) | (0xff9bn << 96n), prefix: 96 }, // NAT64, 64:ff9b::/96
  { network: 0x2002n << 112n, prefix: 16 }, // 6to4, 2002::/16
] as const;

const mapped = translations[0];

/** True when the block lies inside the IPv4-mapped range. */
export function isMapped(block: CIDR): boolean {
  return block.family === 6 && inside(block, mapped);
}

/**
 * The IPv4 block that an IPv6 block stands for; wider blocks and all others are returned as they
 * are. A 6to4 block longer than /48 is a part of what one IPv4 address owns: that address.
 */
export function fold(block: CIDR): CIDR {
  const range = translationOf(block);
  if (range === undefined) return block;
  const prefix = Math.min(block.prefix - range.prefix, 32);
  const embedded = (block.network >> BigInt(bits[6] - range.prefix - 32)) & 0xffff_ffffn;
  return { family: 4, network: embedded, prefix };
}

/**
 * A part of what the block stands for, spelled as a part of the block itself; undefined for an
 * IPv4 part of a block that stands for no IPv4 addresses.
 */
export function unfold(block: CIDR, part: CIDR): CIDR | undefined {
  if (block.family === part.family) return part;
  const range = translationOf(block);
  if (range === undefined) return undefined;
  const network = range.network | (part.network << BigInt(bits[6] - range.prefix - 32));
  return { family: 6, network, prefix: range.prefix + part.prefix };
}

/** True when the block is narrower than the IPv4 address it folds to: removing it removes nothing. */
export function isPartOfAddress(block: CIDR): boolean {
  const range = translationOf(block);
  return range !== undefined && block.prefix - range.prefix > 32;
}

function translationOf(block: CIDR): (typeof translations)[number] | undefined {
  if (block.family !== 6) return undefined;
  return translations.find((range) => inside(block, range));
}

function inside(
  block: CIDR,
  range: { readonly network: bigint; readonly prefix: number },
): boolean {
  const { lo, hi } = spanOf({ family: 6, ...range });
  return block.prefix >= range.prefix && block.network >= lo && block.network <= hi;
}
