// Addresses, read with pencil and paper: text to bits, IPv4 hidden in IPv6 unfolded, nothing else.

export type Family = 4 | 6;

/** A written CIDR, bit for bit as it stands, before any folding or masking. */
export type Written = {
  readonly family: Family;
  readonly address: bigint;
  readonly prefix: number;
  readonly leadingZero: boolean;
};

/** An inclusive range of addresses of one family that is one CIDR. */
export type Block = {
  readonly family: Family;
  readonly prefix: number;
  readonly lo: bigint;
  readonly hi: bigint;
};

/** How many bits an address of the family has. */
export function bitsOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

function readDecimalOctets(text: string): { value: bigint; leadingZero: boolean } {
  const octets = text.split(".");
  if (octets.length !== 4) throw new Error(`not four octets: ${text}`);
  let value = 0n;
  let leadingZero = false;
  for (const octet of octets) {
    if (!/^\d+$/.test(octet) || Number(octet) > 255) throw new Error(`bad octet: ${text}`);
    if (octet.length > 1 && octet.startsWith("0")) leadingZero = true;
    value = value * 256n + BigInt(Number(octet));
  }
  return { value, leadingZero };
}

function readGroups(text: string): readonly bigint[] {
  if (text === "") return [];
  return text.split(":").map((group) => {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) throw new Error(`bad group: ${text}`);
    return BigInt(`0x${group}`);
  });
}

function readColons(text: string): { value: bigint; leadingZero: boolean } {
  let leadingZero = false;
  let hex = text;
  const lastColon = text.lastIndexOf(":");
  const tail = text.slice(lastColon + 1);
  if (tail.includes(".")) {
    const octets = readDecimalOctets(tail);
    leadingZero = octets.leadingZero;
    const high = (octets.value >> 16n).toString(16);
    const low = (octets.value & 0xffffn).toString(16);
    hex = `${text.slice(0, lastColon + 1)}${high}:${low}`;
  }
  const [left = "", right, ...more] = hex.split("::");
  if (more.length > 0) throw new Error(`two gaps: ${text}`);
  const before = readGroups(left);
  const after = right === undefined ? [] : readGroups(right);
  const missing = 8 - before.length - after.length;
  if (right === undefined ? missing !== 0 : missing < 1) throw new Error(`bad length: ${text}`);
  const zeros = Array.from({ length: missing }, () => 0n);
  let value = 0n;
  for (const group of [...before, ...zeros, ...after]) value = value * 65536n + group;
  return { value, leadingZero };
}

const known = new Map<string, Written>();

/** Reads a CIDR as an API server before 1.36 does: leading zeros are decimal, host bits are fine. */
export function readCIDR(text: string): Written {
  const written = known.get(text) ?? parseCIDR(text);
  if (known.size < 10_000) known.set(text, written);
  return written;
}

function parseCIDR(text: string): Written {
  const [addressText = "", prefixText = "", ...more] = text.split("/");
  if (more.length > 0 || !/^\d+$/.test(prefixText)) throw new Error(`not a CIDR: ${text}`);
  const family: Family = addressText.includes(":") ? 6 : 4;
  const address = family === 6 ? readColons(addressText) : readDecimalOctets(addressText);
  const prefix = Number(prefixText);
  if (prefix > bitsOf(family)) throw new Error(`prefix too long: ${text}`);
  const zeroPrefix = prefixText.length > 1 && prefixText.startsWith("0");
  return {
    family,
    address: address.value,
    prefix,
    leadingZero: address.leadingZero || zeroPrefix,
  };
}

/** The range that an address and a prefix length stand for. */
export function blockOf(family: Family, address: bigint, prefix: number): Block {
  const size = 1n << BigInt(bitsOf(family) - prefix);
  const lo = (address / size) * size;
  return { family, prefix, lo, hi: lo + size - 1n };
}

/** True when the address has bits set behind the prefix. */
export function hasHostBits(written: Written): boolean {
  return blockOf(written.family, written.address, written.prefix).lo !== written.address;
}

/** True for an address inside ::ffff:0:0/96. */
export function isMapped(written: Written): boolean {
  return written.family === 6 && written.address >> 32n === 0xffffn;
}

const nat64 = 0x64_ff9b_0000_0000_0000_0000n;

/**
 * The range that counts: IPv4-mapped, NAT64 and 6to4 blocks become the IPv4 block they carry.
 * `longer` says that a 6to4 block was narrower than its one IPv4 address.
 */
export function unfold(written: Written): Block & { readonly longer: boolean } {
  const { family, address, prefix } = written;
  if (family === 6 && prefix >= 96 && (isMapped(written) || address >> 32n === nat64)) {
    return { ...blockOf(4, address & 0xffff_ffffn, prefix - 96), longer: false };
  }
  if (family === 6 && prefix >= 16 && address >> 112n === 0x2002n) {
    const inner = (address >> 80n) & 0xffff_ffffn;
    return { ...blockOf(4, inner, Math.min(32, prefix - 16)), longer: prefix > 48 };
  }
  return { ...blockOf(family, address, prefix), longer: false };
}

/** The range of a CIDR text, folded. */
export function blockOfText(text: string): Block {
  return unfold(readCIDR(text));
}

/** Private space as the standard lists it. */
export const privateBlocks: readonly Block[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
].map(blockOfText);
