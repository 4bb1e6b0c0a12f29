import type { Random } from "./random.ts";

/** A CIDR as numbers, not yet written. */
export type Plain = {
  readonly family: 4 | 6;
  readonly address: bigint;
  readonly prefix: number;
};

function dotted(address: bigint, zero = ""): string {
  const octets = [24n, 16n, 8n, 0n].map((shift) => ((address >> shift) & 255n).toString());
  return octets.map((octet, index) => (index === 0 ? zero + octet : octet)).join(".");
}

/** The eight groups of an IPv6 address, without leading zeros. */
export function groupsOf(address: bigint): readonly string[] {
  const text = address.toString(16).padStart(32, "0");
  return (text.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ""));
}

function colons(address: bigint): string {
  const full = groupsOf(address).join(":");
  const runs = [...full.matchAll(/(?:^|:)(?:0(?::|$))+/g)].toSorted(
    (a, b) => b[0].length - a[0].length,
  );
  const run = runs[0];
  if (!run || run[0].length < 4) return full;
  return `${full.slice(0, run.index)}::${full.slice(run.index + run[0].length)}`;
}

/** The usual text of a block. */
export function spell({ family, address, prefix }: Plain): string {
  return `${family === 4 ? dotted(address) : colons(address)}/${prefix}`;
}

function hostBit(plain: Plain): Plain {
  const bits = plain.family === 4 ? 32 : 128;
  return plain.prefix < bits ? { ...plain, address: plain.address | 1n } : plain;
}

/** The text of a block, seldom in one of the spellings that tools read differently. */
export function spellOddly(random: Random, plain: Plain): string {
  const { family, address, prefix } = plain;
  if (!random.chance(8)) return spell(plain);
  const odd = random.below(5);
  if (odd === 0) return spell(hostBit(plain));
  if (odd === 1) return spell(plain).replace(/\/(\d+)$/, "/0$1");
  if (family === 4) return odd === 2 ? spell(plain) : `${dotted(address, "0")}/${prefix}`;
  const full = groupsOf(address).join(":");
  if (odd === 2) return `${full.toUpperCase()}/${prefix}`;
  const tail = dotted(address & 0xffff_ffffn, odd === 3 ? "" : "0");
  return `${groupsOf(address).slice(0, 6).join(":")}:${tail}/${prefix}`;
}
