import { everyNumber, isWhole, type Port, type Ports, type Protocol } from "./ports.ts";
import { contains, intersect, type Span, type Spans, union } from "./spans.ts";

/**
 * The ports of one protocol on one axis: numbers as they are, then each name that is mentioned as a
 * number of its own beyond them.
 */
export type PortAxis = {
  readonly protocol: Protocol;
  readonly names: readonly string[];
  /** Where the ports stand; a whole protocol covers every name. */
  readonly place: (ports: Ports) => Spans;
  /** Which port stands there. */
  readonly portAt: (place: bigint) => Port;
  /** The ports that stand in these stretches. */
  readonly portsIn: (stretches: readonly Span[]) => Ports;
};

/** The axis on which all ports of `mentioned` have a place. */
export function axisOf(protocol: Protocol, mentioned: readonly Ports[]): PortAxis {
  const named = mentioned.filter((ports) => ports.names.size > 0);
  const [one] = named;
  const shared = named.every((ports) => ports.names === one?.names) ? one?.names : undefined;
  const names = [
    ...(shared ?? new Set(named.flatMap((ports) => Array.from(ports.names)))),
  ].toSorted();
  const first = everyNumber.hi + 1n;
  const last = everyNumber.hi + BigInt(names.length);
  let known: ReadonlyMap<string, bigint> | undefined;
  const placeOf = (name: string) => {
    known ??= new Map(names.map((each, index) => [each, first + BigInt(index)]));
    return known.get(name);
  };
  return {
    protocol,
    names,
    place(ports) {
      if (isWhole(ports)) return [{ lo: everyNumber.lo, hi: last }];
      if (ports.names.size === 0) return ports.numbers;
      if (ports.names === shared) {
        return union([...ports.numbers, { lo: first, hi: last }]);
      }
      const own = [...ports.names].flatMap((name) => placeOf(name) ?? []);
      return union([...ports.numbers, ...own.map((place) => ({ lo: place, hi: place }))]);
    },
    portAt(place) {
      const name = names[Number(place - everyNumber.hi) - 1];
      return { protocol, port: name ?? place };
    },
    portsIn(stretches) {
      const within = union(stretches);
      const numbers = intersect(within, [everyNumber]);
      return {
        numbers,
        names: new Set(names.filter((_, index) => contains(within, first + BigInt(index)))),
      };
    },
  };
}
