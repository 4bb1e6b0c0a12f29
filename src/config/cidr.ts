import { type Address, bits, hasLeadingZero, parseAddress } from "../netpol/address.ts";

type Block = { readonly base: Address; readonly prefix: number };

/**
 * Parses an address in the one spelling that every reader understands alike; undefined for leading
 * zeros and for anything IPv4-mapped.
 */
export function parsePlainAddress(text: string): Address | undefined {
  const address = parseAddress(text);
  if (address === undefined || hasLeadingZero(text)) return undefined;
  if (address.family === 4) return address;
  return text.includes(".") || address.value >> 32n === 0xffffn ? undefined : address;
}

/** Parses a block in the same way; undefined where host bits are set, too. */
export function parseCIDR(text: string): Block | undefined {
  const [start = "", length = "", ...rest] = text.split("/");
  const base = parsePlainAddress(start);
  if (base === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = Number(length);
  if (prefix > bits[base.family] || !hostBitsAreZero(base, prefix)) return undefined;
  return { base, prefix };
}

/** True when every address of `inner` lies in one block of `outer`. */
export function isCovered(inner: string, outer: readonly string[]): boolean {
  const block = parseCIDR(inner);
  if (block === undefined) return false;
  return outer.some((text) => {
    const wider = parseCIDR(text);
    if (wider === undefined || wider.base.family !== block.base.family) return false;
    const shift = BigInt(bits[block.base.family] - wider.prefix);
    return wider.prefix <= block.prefix && block.base.value >> shift === wider.base.value >> shift;
  });
}

function hostBitsAreZero({ family, value }: Address, prefix: number): boolean {
  const shift = BigInt(bits[family] - prefix);
  return (value >> shift) << shift === value;
}
