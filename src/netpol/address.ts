/** IPv4 or IPv6. */
export type Family = 4 | 6;

/** Bits of an address. */
export const bits: { readonly [F in Family]: number } = { 4: 32, 6: 128 };

export type Address = { readonly family: Family; readonly value: bigint };

/** Every number in decimal that some reader might take for octal. */
const leadingZero = /(^|[./:])0[0-9]/;

/**
 * Parses an address as the API server parses those of a NetworkPolicy: leading zeros in octets are
 * decimal, groups of IPv6 may have any number of digits, no zone.
 */
export function parseAddress(text: string): Address | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { family: 4, value: v4 };
  const v6 = parseV6(text);
  return v6 === undefined ? undefined : { family: 6, value: v6 };
}

/** True when the text has a decimal number with a leading zero: in an octet or in the prefix. */
export function hasLeadingZero(text: string): boolean {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const tail = address.slice(address.lastIndexOf(":") + 1);
  const octets = tail.includes(".") && leadingZero.test(tail);
  return octets || (slash >= 0 && leadingZero.test(text.slice(slash)));
}

/** Decimal digits from the start of the text up to `most`; undefined for anything else. */
export function parseDecimal(text: string, most: number): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const digits = text.replace(/^0+/, "");
  const value = digits.length > 9 ? Number.POSITIVE_INFINITY : Number(digits);
  return value > most ? undefined : value;
}

function parseV4(text: string): bigint | undefined {
  const octets = text.split(".");
  if (octets.length !== 4) return undefined;
  let value = 0;
  for (const octet of octets) {
    const number = parseDecimal(octet, 255);
    if (number === undefined) return undefined;
    value = value * 256 + number;
  }
  return BigInt(value);
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? "", halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? "", true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // A double colon stands for one group at least, no double colon for none.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const middle = Array.from({ length: missing }, () => 0);
  return [...head, ...middle, ...tail].reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
}

/** The 16-bit groups of one side of a double colon; only the last part of all may be dotted. */
function parseGroups(text: string, mayEndDotted: boolean): readonly number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (mayEndDotted && index === parts.length - 1 && part.includes(".")) {
      const dotted = parseV4(part);
      if (dotted === undefined) return undefined;
      groups.push(Number(dotted >> 16n), Number(dotted & 0xffffn));
      continue;
    }
    if (!/^[0-9a-fA-F]+$/.test(part)) return undefined;
    const digits = part.replace(/^0+/, "");
    if (digits.length > 4) return undefined;
    groups.push(digits === "" ? 0 : Number.parseInt(digits, 16));
  }
  return groups;
}

/** The canonical text of an address (RFC 5952 for IPv6). */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");
  }
  const digits = value.toString(16).padStart(32, "0");
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number.parseInt(digits.slice(4 * index, 4 * index + 4), 16).toString(16),
  ).join(":");
  const runs = groups.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = runs.reduce((best, run) => (zeros(run) > zeros(best) ? run : best), "");
  if (longest === "") return groups;
  const at = groups.indexOf(longest);
  const before = groups.slice(0, at);
  const after = groups.slice(at + longest.length).replace(/^:/, "");
  return `${before}::${after}`;
}

function zeros(run: string): number {
  return run.split(":").filter((group) => group === "0").length;
}
