import { parseCIDR, parsePlainAddress } from "./cidr.ts";

/** An address block that every Kubernetes version and network plugin reads alike. */
export function isPlainCIDR(text: string): boolean {
  return parseCIDR(text) !== undefined;
}

export function isPlainAddress(text: string): boolean {
  return parsePlainAddress(text) !== undefined;
}

/** An IANA service name, as the API demands for named ports. */
export function isPortName(text: string): boolean {
  return (
    text.length <= 15 &&
    /^[a-z0-9-]+$/.test(text) &&
    /[a-z]/.test(text) &&
    !text.includes("--") &&
    !text.startsWith("-") &&
    !text.endsWith("-")
  );
}
