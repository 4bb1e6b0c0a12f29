import { BlockList, isIPv4, isIPv6 } from "node:net";

type Block = { readonly base: string; readonly prefix: number; readonly family: "ipv4" | "ipv6" };

/** Undefined unless the text is a block in canonical form: host bits, odd spellings are refused. */
export function parseCIDR(text: string): Block | undefined {
  const [base = "", bits = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(bits)) return undefined;
  const prefix = Number(bits);
  if (isIPv4(base)) {
    return prefix <= 32 && hostBitsAreZero(fromIPv4(base), prefix)
      ? { base, prefix, family: "ipv4" }
      : undefined;
  }
  // A zone or a dotted tail (which is how IPv4-mapped blocks are written) has no single reading.
  if (!isIPv6(base) || /[%.]/.test(base)) return undefined;
  const groups = fromIPv6(base);
  if (isMapped(groups) || prefix > 128 || !hostBitsAreZero(groups, prefix)) return undefined;
  return { base, prefix, family: "ipv6" };
}

/** True when every address of `inner` lies in one block of `outer`; both canonical. */
export function isCovered(inner: string, outer: readonly string[]): boolean {
  const block = parseCIDR(inner);
  if (block === undefined) return false;
  return outer.some((text) => {
    const candidate = parseCIDR(text);
    if (candidate === undefined || candidate.family !== block.family) return false;
    if (candidate.prefix > block.prefix) return false;
    const list = new BlockList();
    list.addSubnet(candidate.base, candidate.prefix, candidate.family);
    return list.check(block.base, block.family);
  });
}

/** Bits, most significant first; the text is known to be valid. */
function fromIPv4(text: string): string {
  return text
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("");
}

function fromIPv6(text: string): string {
  const [head = "", tail] = text.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...gap, ...right]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0"))
    .join("");
}

function isMapped(bits: string): boolean {
  return bits.startsWith("0".repeat(80) + "1".repeat(16));
}

function hostBitsAreZero(bits: string, prefix: number): boolean {
  return !bits.slice(prefix).includes("1");
}
