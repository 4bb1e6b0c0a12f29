import type { NetworkPolicy, Port } from "../../api/networkpolicy.ts";
import type { PolicyRule } from "../../netpol/model.ts";
import { type Protocol, protocols } from "../../netpol/ports.ts";

/** One port that is written as a single number, and where. */
export type Entry = {
  readonly path: string;
  readonly protocol: Protocol;
  readonly port: number;
};

/** The single numbers that the rule lists, as they are written. */
export function numbersOf({ spec }: NetworkPolicy, rule: PolicyRule): readonly Entry[] {
  const at = Number(/\[(\d+)\]$/.exec(rule.path)?.[1]);
  const ports: readonly Port[] = spec?.[rule.direction]?.[at]?.ports ?? [];
  return ports.flatMap(({ protocol, port, endPort }, index) => {
    const known = protocols.find((name) => name === (protocol ?? "TCP"));
    const isSingle = endPort === undefined || endPort === null || endPort === port;
    if (known === undefined || typeof port !== "number" || !isSingle) return [];
    return [{ path: `${rule.path}.ports[${index}].port`, protocol: known, port }];
  });
}
