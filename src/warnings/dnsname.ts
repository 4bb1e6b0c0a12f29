/** True for names that people give to ports of DNS: `dns`, `dns-tcp`, `domain`. */
export function isDNSName(name: string): boolean {
  return name.includes("dns") || name.includes("domain");
}
