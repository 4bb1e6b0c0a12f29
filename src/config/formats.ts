import { isIPv4, isIPv6 } from "node:net";

import { parseCIDR } from "./cidr.ts";

/** An address block that every Kubernetes version and network plugin reads alike. */
export function isCanonicalCIDR(text: string): boolean {
  return parseCIDR(text) !== undefined;
}

/** `isIPv6` accepts zones and IPv4-mapped spellings, which no rule compares correctly. */
export function isAddress(text: string): boolean {
  return isIPv4(text) || (isIPv6(text) && !/[%.]/.test(text) && !/^[0:]*:ffff:/i.test(text));
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
