import {
  eachProtocol,
  everyNumber,
  everyPort,
  type PortSet,
  portsOf,
  type Protocol,
  protocols,
} from "./ports.ts";
import { below, type Place, readFields, readList, report } from "./wire.ts";

/** Port numbers from `lo` to `hi`, both included. */
type Range = { readonly lo: number; readonly hi: number };

type Entry = {
  readonly protocol: Protocol;
  readonly range?: Range;
  readonly name?: string;
  /** False for a name and for a whole protocol. */
  readonly numbered: boolean;
};

const everyRange: Range = { lo: Number(everyNumber.lo), hi: Number(everyNumber.hi) };

/** The ports of one rule, and whether they are listed and all have numbers. */
export type ReadPorts = { readonly ports: PortSet; readonly numbered: boolean };

/** Reads `ports`; a missing, null or empty list is every port of every protocol. */
export function readPorts(value: unknown, place: Place): ReadPorts {
  const list = readList(value, place);
  if (list.length === 0) return { ports: everyPort, numbered: false };
  const entries = list.map((item, index) => readEntry(item, below(place, index)));
  return { ports: gather(entries), numbered: entries.every((entry) => entry?.numbered) };
}

function gather(entries: readonly (Entry | undefined)[]): PortSet {
  const found: { [P in Protocol]?: Found } = {};
  for (const entry of entries) {
    if (entry === undefined) continue;
    const { widest, names } = (found[entry.protocol] ??= { widest: new Map(), names: [] });
    if (entry.name !== undefined) names.push(entry.name);
    if (entry.range === undefined) continue;
    const { lo, hi } = entry.range;
    widest.set(lo, Math.max(hi, widest.get(lo) ?? 0));
  }
  return eachProtocol((protocol) => {
    const { widest, names } = found[protocol] ?? nothing;
    const spans = Array.from(widest, ([lo, hi]) => ({ lo: BigInt(lo), hi: BigInt(hi) }));
    return portsOf(spans, names);
  });
}

/** The last port of the widest range from each first one: the same ports can be listed very often. */
type Found = { readonly widest: Map<number, number>; readonly names: string[] };

const nothing: Found = { widest: new Map(), names: [] };

function readEntry(value: unknown, place: Place): Entry | undefined {
  const fields = readFields(value, place, ["protocol", "port", "endPort"]);
  const protocol = readProtocol(fields["protocol"], place);
  if (protocol === undefined) return undefined;
  const port = fields["port"] ?? undefined;
  const endPort = fields["endPort"] ?? undefined;
  if (typeof port === "number") return readRange(protocol, port, endPort ?? port, place);
  if (endPort !== undefined) {
    report(below(place, "endPort"), "needs a port that is a number");
    return undefined;
  }
  if (port === undefined) return { protocol, range: everyRange, numbered: false };
  if (typeof port === "string" && isPortName(port))
    return { protocol, name: port, numbered: false };
  report(below(place, "port"), "must be a number from 1 to 65535 or the name of a port");
  return undefined;
}

function readRange(protocol: Protocol, lo: number, hi: unknown, place: Place): Entry | undefined {
  if (!isPortNumber(lo)) {
    report(below(place, "port"), "must be a number from 1 to 65535");
    return undefined;
  }
  if (typeof hi !== "number" || !isPortNumber(hi) || hi < lo) {
    report(below(place, "endPort"), "must be a number from port to 65535");
    return undefined;
  }
  return { protocol, range: { lo, hi }, numbered: true };
}

function readProtocol(value: unknown, place: Place): Protocol | undefined {
  if (value === undefined || value === null) return "TCP";
  const protocol = protocols.find((known) => known === value);
  if (protocol === undefined)
    report(below(place, "protocol"), "is a protocol this version does not know");
  return protocol;
}

function isPortNumber(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** The API's service names: 15 characters, a letter, single hyphens inside. */
function isPortName(text: string): boolean {
  if (text.length > 15 || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text)) return false;
  return /[a-z]/.test(text) && !text.includes("--");
}
