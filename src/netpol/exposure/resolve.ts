import { eachProtocol, isWhole, type Port, type PortSet, portsOf, protocols } from "../ports.ts";
import type { Span } from "../spans.ts";
import type { PortNames } from "./pod.ts";
import { portKey } from "./vocabulary.ts";

/** The numbers that the ports of a rule are on one pod. */
export type Resolved = {
  readonly certain: PortSet;
  /** These as well, where a name stands for more than one number. */
  readonly perhaps: PortSet;
  /** Names that the pod does not have: they open nothing. */
  readonly missing: readonly Port[];
};

/** Resolves the names among ports on a pod. */
export function resolve(ports: PortSet, names: PortNames): Resolved {
  const missing = namesOf(ports).filter((port) => !names.has(portKey(port)));
  return {
    certain: eachProtocol((protocol) => {
      const { numbers } = ports[protocol];
      return portsOf([...numbers, ...spansOf(ports, names, protocol, isSingle)], []);
    }),
    perhaps: eachProtocol((protocol) => {
      const { numbers } = ports[protocol];
      return portsOf([...numbers, ...spansOf(ports, names, protocol, () => true)], []);
    }),
    missing,
  };
}

/** The names among ports, where they say more than the numbers beside them. */
export function namesOf(ports: PortSet): readonly Port[] {
  return protocols.flatMap((protocol) =>
    isWhole(ports[protocol]) ? [] : [...ports[protocol].names].map((port) => ({ protocol, port })),
  );
}

function spansOf(
  ports: PortSet,
  names: PortNames,
  protocol: Port["protocol"],
  take: (numbers: readonly bigint[]) => boolean,
): readonly Span[] {
  return [...ports[protocol].names].flatMap((port) => {
    const numbers = names.get(portKey({ protocol, port })) ?? [];
    return take(numbers) ? numbers.map((number) => ({ lo: number, hi: number })) : [];
  });
}

function isSingle(numbers: readonly bigint[]): boolean {
  return numbers.length === 1;
}
