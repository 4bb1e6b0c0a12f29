import {
  bits,
  type Family,
  formatAddress,
  hasLeadingZero,
  parseAddress,
  parseDecimal,
} from "./address.ts";
import type { Span, Spans } from "./spans.ts";

/** One address block: the network's first address, how many leading bits are fixed. */
export type CIDR = { readonly family: Family; readonly network: bigint; readonly prefix: number };

/** A block as it was written, with what readers of the text disagree about. */
export type WrittenCIDR = CIDR & {
  readonly text: string;
  /** The address as written; differs from `network` when host bits are set. */
  readonly address: bigint;
  /** An octet or the prefix has a leading zero. */
  readonly leadingZero: boolean;
};

/** Parses a block as the API server does for NetworkPolicies, spellings of older servers included. */
export function parseCIDR(text: string): WrittenCIDR | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const address = parseAddress(text.slice(0, slash));
  if (address === undefined) return undefined;
  const { family, value } = address;
  const prefix = parseDecimal(text.slice(slash + 1), bits[family]);
  if (prefix === undefined) return undefined;
  const network = value - (value % blockSize(family, prefix));
  return { family, network, prefix, text, address: value, leadingZero: hasLeadingZero(text) };
}

/** How many addresses a block of this prefix has. */
export function blockSize(family: Family, prefix: number): bigint {
  return 1n << BigInt(bits[family] - prefix);
}

/** First to last address of the block. */
export function spanOf({ family, network, prefix }: CIDR): Span {
  return { lo: network, hi: network + blockSize(family, prefix) - 1n };
}

/** The smallest list of blocks equal to the set. */
export function smallestList(family: Family, spans: Spans): readonly CIDR[] {
  const list: CIDR[] = [];
  for (const { lo, hi } of spans) {
    for (let at = lo; at <= hi;) {
      let prefix = bits[family];
      // Grow while the block stays aligned and inside.
      while (prefix > 0) {
        const larger = blockSize(family, prefix - 1);
        if (at % larger !== 0n || at + larger - 1n > hi) break;
        prefix -= 1;
      }
      list.push({ family, network: at, prefix });
      at += blockSize(family, prefix);
    }
  }
  return list;
}

/** The block in its canonical spelling. */
export function formatCIDR({ family, network, prefix }: CIDR): string {
  return `${formatAddress({ family, value: network })}/${prefix}`;
}
