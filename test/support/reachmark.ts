import type { Reach } from "../../src/netpol/exposure/reach.ts";
import { admits } from "../../src/netpol/ports.ts";

/** One port of TCP in one character: `+` allowed, `?` up to the network plugin, `!` not evaluated, `-` denied. */
export function markOf({ allowed, depends, notEvaluated }: Reach, port: number): string {
  const asked = { protocol: "TCP", port: BigInt(port) } as const;
  if (admits(allowed, asked)) return "+";
  if (admits(depends, asked)) return "?";
  return admits(notEvaluated, asked) ? "!" : "-";
}
