import type { Family } from "./address.ts";
import { type CIDR, formatCIDR, spanOf, type WrittenCIDR } from "./cidr.ts";
import { fold, isMapped, isPartOfAddress } from "./fold.ts";
import { type Spans, subtract, union } from "./spans.ts";

/** An `ipBlock`: what it was written as, and the addresses that are left after its excepts. */
export type Block = {
  readonly family: Family;
  /** The block after folding IPv4 addresses out of IPv6; before excepts. */
  readonly cidr: CIDR;
  readonly spans: Spans;
  readonly written: WrittenCIDR;
  readonly excepts: readonly WrittenCIDR[];
};

/**
 * The block of a CIDR less its excepts, which must be strict subsets of it. An except is folded by
 * itself, so one that stands for IPv4 addresses removes nothing of a wide IPv6 block.
 */
export function blockOf(written: WrittenCIDR, excepts: readonly WrittenCIDR[]): Block {
  const cidr = fold(written);
  const whole = [spanOf(cidr)];
  if (excepts.length === 0) return { family: cidr.family, cidr, spans: whole, written, excepts };
  const removed = excepts
    .filter((except) => !isPartOfAddress(except))
    .map(fold)
    .filter(({ family }) => family === cidr.family);
  const spans = subtract(whole, union(removed.map(spanOf)));
  return { family: cidr.family, cidr, spans, written, excepts };
}

/** True when the API server takes the except for a strict subset of the block. */
export function isStrictSubset(except: WrittenCIDR, block: WrittenCIDR): boolean {
  if (except.prefix <= block.prefix) return false;
  // To the API server an IPv4-mapped address is an IPv4 address, while prefix lengths stay as written.
  const outer = isMapped(block) ? fold(block) : block;
  const inner = isMappedAddress(except)
    ? { family: 4, at: except.network & 0xffff_ffffn }
    : { family: except.family, at: except.network };
  const { lo, hi } = spanOf(outer);
  return inner.family === outer.family && inner.at >= lo && inner.at <= hi;
}

function isMappedAddress(cidr: CIDR): boolean {
  return cidr.family === 6 && cidr.network >> 32n === 0xffffn;
}

/** How people write this block: canonical, host bits cleared. */
export function formatBlock(block: Block): string {
  return formatCIDR(block.written);
}
