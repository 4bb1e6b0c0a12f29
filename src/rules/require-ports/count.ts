import { everyNumber, type Ports } from "../../netpol/ports.ts";
import { size } from "../../netpol/spans.ts";

/** How many ports there are. A name counts as one, but no protocol has more ports than numbers. */
export function countPorts(ports: Ports): bigint {
  const all = size(ports.numbers) + BigInt(ports.names.size);
  return all < everyNumber.hi ? all : everyNumber.hi;
}
