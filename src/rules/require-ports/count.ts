import { isWhole, type Ports } from "../../netpol/ports.ts";
import { size } from "../../netpol/spans.ts";

/** How many ports there are; a name counts as one, unless the whole protocol is open anyway. */
export function countPorts(ports: Ports): bigint {
  const numbers = size(ports.numbers);
  return isWhole(ports) ? numbers : numbers + BigInt(ports.names.size);
}
