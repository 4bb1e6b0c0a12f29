import { type Address, type Family, parseAddress } from "../address.ts";
import type { Block } from "../block.ts";
import { type CIDR, spanOf } from "../cidr.ts";
import { fold, isMapped } from "../fold.ts";
import { contains, type Spans, subtract, union } from "../spans.ts";

/** The addresses of an `ipBlock` as packets carry them. */
export type Ranges = {
  readonly family: Family;
  readonly spans: Spans;
  /** The spelling is one that network plugins read differently. */
  readonly ambiguous: boolean;
};

/**
 * The addresses that the API gives to a block, less its excepts. Unlike in rules, which ask what
 * a block may stand for, a translated IPv6 block (NAT64, 6to4) is the IPv6 addresses it names.
 */
export function rangesOf({ written, excepts }: Block): Ranges {
  const cidr = asRead(written);
  const removed = excepts.map(asRead).filter(({ family }) => family === cidr.family);
  return {
    family: cidr.family,
    spans: subtract([spanOf(cidr)], union(removed.map(spanOf))),
    ambiguous: [written, ...excepts].some((one) => one.leadingZero || isMapped(one)),
  };
}

/** Parses an address; an IPv4-mapped one is the IPv4 address. */
export function readAddress(text: string): Address | undefined {
  const address = parseAddress(text);
  if (address?.family !== 6 || address.value >> 32n !== 0xffffn) return address;
  return { family: 4, value: address.value & 0xffff_ffffn };
}

export function holds({ family, spans }: Ranges, address: Address): boolean {
  return family === address.family && contains(spans, address.value);
}

/** True for an address by which a pod speaks to itself. */
export function isLoopback({ family, value }: Address): boolean {
  return family === 4 ? value >> 24n === 127n : value === 1n;
}

function asRead(cidr: CIDR): CIDR {
  return isMapped(cidr) ? fold(cidr) : cidr;
}
