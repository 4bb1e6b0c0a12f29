import type { Port } from "../../src/api/networkpolicy.ts";
import type { PublicListener } from "../../src/rules/parameters.ts";

export type Entry = {
  readonly protocol: string;
  /** Numbers `lo..hi`, a name, or neither: the whole protocol. */
  readonly lo?: number;
  readonly hi?: number;
  readonly name?: string;
};

/** A piece of the port space that no limit of any rule cuts any further. */
export type Atom =
  | { readonly protocol: string; readonly lo: number; readonly hi: number }
  | { readonly protocol: string; readonly name: string };

export const protocols = ["TCP", "UDP", "SCTP"] as const;
const lowest = 1;
const highest = 65_535;

/** What a `ports` list means; missing, null and [] are all ports of all protocols. */
export function entriesOf(ports: readonly Port[] | null | undefined): readonly Entry[] {
  if (!ports || ports.length === 0) return protocols.map((protocol) => ({ protocol }));
  return withWholes(
    ports.map(({ protocol, port, endPort }) => {
      const entry = { protocol: protocol ?? "TCP" };
      if (port === undefined || port === null) return entry;
      if (typeof port === "string") return { ...entry, name: port };
      return { ...entry, lo: port, hi: endPort ?? port };
    }),
  );
}

/** Ranges that are all numbers of a protocol together are the whole protocol, names included. */
export function withWholes(entries: readonly Entry[]): readonly Entry[] {
  const wholes = protocols
    .filter((protocol) => countPorts(entries, protocol, true) === highest)
    .map((protocol) => ({ protocol, lo: lowest, hi: highest }))
    .filter(({ protocol }) => !entries.some((one) => one.protocol === protocol && isWhole(one)));
  return entries.concat(wholes);
}

/** What a public listener opens; a bare number or name is TCP. */
export function listenerEntries(listener: PublicListener): readonly Entry[] {
  return listener.ports.flatMap((port) => {
    if (typeof port === "object") return entriesOf([port]);
    return entriesOf([{ port }]);
  });
}

/** True when an entry takes every number of its protocol. */
export function isWhole(entry: Entry): boolean {
  if (entry.name !== undefined) return false;
  return entry.lo === undefined || (entry.lo <= lowest && (entry.hi ?? entry.lo) >= highest);
}

/** True when every port number of the atom, or its name, is open in the entry. */
export function opens(entry: Entry, atom: Atom, nameIsAnyPort: boolean): boolean {
  if (entry.protocol !== atom.protocol) return false;
  if (isWhole(entry)) return true;
  if (entry.name !== undefined) {
    return nameIsAnyPort || ("name" in atom && atom.name === entry.name);
  }
  if ("name" in atom || entry.lo === undefined) return false;
  return entry.lo <= atom.lo && atom.hi <= (entry.hi ?? entry.lo);
}

/** Cuts each protocol at every limit of every entry; each name is an atom of its own. */
export function cutIntoAtoms(
  entries: readonly Entry[],
  among: readonly string[] = protocols,
): readonly Atom[] {
  return among.flatMap((protocol) => {
    const cuts = new Set([lowest, highest + 1]);
    const names = new Set<string>();
    for (const entry of entries) {
      if (entry.protocol !== protocol) continue;
      if (entry.name !== undefined) names.add(entry.name);
      if (entry.lo === undefined) continue;
      cuts.add(entry.lo);
      cuts.add((entry.hi ?? entry.lo) + 1);
    }
    const sorted = [...cuts].toSorted((a, b) => a - b);
    const atoms: Atom[] = [];
    for (const [index, next] of sorted.slice(1).entries()) {
      atoms.push({ protocol, lo: sorted[index] ?? next, hi: next - 1 });
    }
    for (const name of names) atoms.push({ protocol, name });
    return atoms;
  });
}

/** The number of ports of one protocol that the entries open together. */
export function countPorts(
  entries: readonly Entry[],
  protocol: string,
  numbersOnly = false,
): number {
  const own = entries.filter((entry) => entry.protocol === protocol);
  if (own.length === 0) return 0;
  if (own.some(isWhole)) return highest;
  let numbers = 0;
  let names = 0;
  for (const atom of cutIntoAtoms(own, [protocol])) {
    if (!own.some((entry) => opens(entry, atom, false))) continue;
    if ("name" in atom) names += 1;
    else numbers += atom.hi - atom.lo + 1;
  }
  // A name is some number: there are never more ports than numbers.
  return numbersOnly ? numbers : Math.min(numbers + names, highest);
}
