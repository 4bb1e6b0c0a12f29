import { parseCIDR, type WrittenCIDR } from "../cidr.ts";
import { type Invalid, invalidValue, required } from "./invalid.ts";
import type { Dialect } from "./minor.ts";
import type { DecodedBlock } from "./shape.ts";

const unreadable = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/** An address block and its excepts. */
export function validateBlock(
  { cidr = "", except = [] }: DecodedBlock,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  if (cidr === "") return [required(`${path}.cidr`)];
  const block = parseCIDR(cidr);
  return [
    ...validateCIDR(cidr, block, `${path}.cidr`, dialect),
    // Excepts of a block that cannot be read are not looked at.
    ...(block === undefined ? [] : except).flatMap((text, index) =>
      validateExcept(text, block, `${path}.except[${index}]`, dialect),
    ),
  ];
}

function validateExcept(
  text: string,
  block: WrittenCIDR | undefined,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  const except = parseCIDR(text);
  const wrong = validateCIDR(text, except, path, dialect);
  if (except === undefined || block === undefined || isStrictSubset(except, block)) return wrong;
  return [...wrong, invalidValue(path, text, "must be a strict subset of `cidr`")];
}

function validateCIDR(
  text: string,
  block: WrittenCIDR | undefined,
  path: string,
  { strictCIDRs }: Dialect,
): readonly Invalid[] {
  if (block === undefined) return [invalidValue(path, text, unreadable)];
  const wrong = strictCIDRs ? ambiguity(block) : undefined;
  return wrong === undefined ? [] : [invalidValue(path, text, wrong)];
}

/** The first reason why newer servers refuse a spelling that older ones read. */
function ambiguity(block: WrittenCIDR): string | undefined {
  if (block.leadingZero || hasLongGroup(block.text)) {
    return "must not have leading 0s in IP or prefix length";
  }
  if (isMapped(block.address, block)) return "must not have an IPv4-mapped IPv6 address";
  if (block.address !== block.network) return "must not have bits set beyond the prefix length";
  return undefined;
}

/** A group of an IPv6 address may have leading zeros, but four digits at most. */
function hasLongGroup(text: string): boolean {
  return /[0-9a-fA-F]{5}/.test(text.slice(0, text.indexOf("/")));
}

/**
 * The server asks for the except's first address and its written prefix only. It takes an
 * IPv4-mapped address for an IPv4 one, but counts its prefix in bits of IPv6.
 */
function isStrictSubset(except: WrittenCIDR, block: WrittenCIDR): boolean {
  const outer = unmapped(block);
  const inner = unmapped(except);
  if (outer.family !== inner.family) return false;
  const shift = BigInt((outer.family === 4 ? 32 : 128) - outer.prefix);
  return outer.network >> shift === inner.network >> shift && block.prefix < except.prefix;
}

function unmapped(block: WrittenCIDR): Pick<WrittenCIDR, "family" | "network" | "prefix"> {
  if (!isMapped(block.network, block)) return block;
  return { family: 4, network: block.network & 0xffffffffn, prefix: block.prefix - 96 };
}

function isMapped(address: bigint, { family }: WrittenCIDR): boolean {
  return family === 6 && address >> 32n === 0xffffn;
}
