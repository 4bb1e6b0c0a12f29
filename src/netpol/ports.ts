import { contains, includes, overlaps, type Span, type Spans, subtract, union } from "./spans.ts";

/** The protocols that a NetworkPolicy can name. */
export const protocols = ["TCP", "UDP", "SCTP"] as const;
export type Protocol = (typeof protocols)[number];

/** Every number a port can have. */
export const everyNumber: Span = { lo: 1n, hi: 65_535n };

/**
 * Ports of one protocol. A name is a port of its own: it is resolved on each pod, so it is covered
 * by the same name or by the whole protocol, never by a narrower range.
 */
export type Ports = { readonly numbers: Spans; readonly names: ReadonlySet<string> };

/** Ports of every protocol. */
export type PortSet = { readonly [P in Protocol]: Ports };

/** One number or one name of a protocol. */
export type Port = { readonly protocol: Protocol; readonly port: bigint | string };

const noNames: ReadonlySet<string> = new Set();
const noPorts: Ports = { numbers: [], names: noNames };
const allPorts: Ports = { numbers: [everyNumber], names: noNames };

/** All ports of all protocols: a rule without `ports`. */
export const everyPort: PortSet = { TCP: allPorts, UDP: allPorts, SCTP: allPorts };
export const emptyPorts: PortSet = { TCP: noPorts, UDP: noPorts, SCTP: noPorts };

/** Ports of one protocol from spans in any order and names. */
export function portsOf(numbers: readonly Span[], names: readonly string[]): Ports {
  if (numbers.length === 0 && names.length === 0) return noPorts;
  return { numbers: union(numbers), names: names.length === 0 ? noNames : new Set(names) };
}

/** True when these are all ports of the protocol, names included. */
export function isWhole({ numbers }: Ports): boolean {
  return (
    numbers.length === 1 && numbers[0]?.lo === everyNumber.lo && numbers[0].hi === everyNumber.hi
  );
}

export function isEmpty({ numbers, names }: Ports): boolean {
  return numbers.length === 0 && names.size === 0;
}

/** True when the port is in the set. */
export function admits(set: PortSet, { protocol, port }: Port): boolean {
  const ports = set[protocol];
  if (typeof port === "bigint") return contains(ports.numbers, port);
  return ports.names.has(port) || isWhole(ports);
}

/** The ports that either set has. */
export function unite(sets: readonly PortSet[]): PortSet {
  const [only] = sets;
  if (only !== undefined && sets.length === 1) return only;
  return eachProtocol((protocol) =>
    portsOf(
      sets.flatMap((set) => set[protocol].numbers),
      sets.flatMap((set) => [...set[protocol].names]),
    ),
  );
}

/** The ports of `set` that are not in `less`; a whole protocol keeps its names while it is whole. */
export function without(set: PortSet, less: PortSet): PortSet {
  return eachProtocol((protocol) => {
    const [from, taken] = [set[protocol], less[protocol]];
    if (isWhole(taken)) return noPorts;
    if (isEmpty(from) || isEmpty(taken)) return from;
    const names = from.names.size === 0 ? noNames : from.names.difference(taken.names);
    return { numbers: subtract(from.numbers, taken.numbers), names };
  });
}

/** True when `outer` has every port of `inner`. */
export function includesPorts(outer: PortSet, inner: PortSet): boolean {
  return protocols.every((protocol) => {
    const wide = outer[protocol];
    const narrow = inner[protocol];
    if (isWhole(wide)) return true;
    return narrow.names.isSubsetOf(wide.names) && includes(wide.numbers, narrow.numbers);
  });
}

/** True unless no port of one can be a port of the other, whatever the numbers behind names. */
export function mayMeet(one: PortSet, other: PortSet): boolean {
  return protocols.some((protocol) => {
    const [a, b] = [one[protocol], other[protocol]];
    if (isEmpty(a) || isEmpty(b)) return false;
    return a.names.size > 0 || b.names.size > 0 || overlaps(a.numbers, b.numbers);
  });
}

/** True when there is no port in it. */
export function hasNoPort(set: PortSet): boolean {
  return protocols.every((protocol) => isEmpty(set[protocol]));
}

/** Some port of the set: the lowest number of the first protocol that has one, else a name. */
export function firstPort(set: PortSet): Port | undefined {
  for (const protocol of protocols) {
    const number = set[protocol].numbers[0]?.lo;
    if (number !== undefined) return { protocol, port: number };
  }
  for (const protocol of protocols) {
    for (const port of set[protocol].names) return { protocol, port };
  }
  return undefined;
}

/** All ports of one protocol, names included. */
export function everyPortOf(protocol: Protocol): PortSet {
  return { ...emptyPorts, [protocol]: allPorts };
}

/** Builds a port set protocol by protocol. */
export function eachProtocol(portsFor: (protocol: Protocol) => Ports): PortSet {
  return { TCP: portsFor("TCP"), UDP: portsFor("UDP"), SCTP: portsFor("SCTP") };
}
