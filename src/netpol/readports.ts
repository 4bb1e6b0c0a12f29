import {
  eachProtocol,
  everyNumber,
  everyPort,
  type PortSet,
  portsOf,
  type Protocol,
  protocols,
} from "./ports.ts";
import type { Span } from "./spans.ts";
import { below, type Place, readFields, readList, report } from "./wire.ts";

type Entry = {
  readonly protocol: Protocol;
  readonly numbers?: Span;
  readonly name?: string;
  /** False for a name and for a whole protocol. */
  readonly numbered: boolean;
};

/** The ports of one rule, and whether they are listed and all have numbers. */
export type ReadPorts = { readonly ports: PortSet; readonly numbered: boolean };

/** Reads `ports`; a missing, null or empty list is every port of every protocol. */
export function readPorts(value: unknown, place: Place): ReadPorts {
  const list = readList(value, place);
  if (list.length === 0) return { ports: everyPort, numbered: false };
  const entries = list.map((item, index) => readEntry(item, below(place, index)));
  return {
    ports: eachProtocol((protocol) =>
      gather(entries.filter((entry) => entry?.protocol === protocol)),
    ),
    numbered: entries.every((entry) => entry?.numbered),
  };
}

function gather(entries: readonly (Entry | undefined)[]): PortSet[Protocol] {
  const names = entries.flatMap((entry) => entry?.name ?? []);
  return portsOf(
    entries.flatMap((entry) => entry?.numbers ?? []),
    names,
  );
}

function readEntry(value: unknown, place: Place): Entry | undefined {
  const fields = readFields(value, place, ["protocol", "port", "endPort"]);
  const protocol = readProtocol(fields["protocol"], below(place, "protocol"));
  if (protocol === undefined) return undefined;
  const port = fields["port"] ?? undefined;
  const endPort = fields["endPort"] ?? undefined;
  if (typeof port === "number") return readRange(protocol, port, endPort ?? port, place);
  if (endPort !== undefined) {
    report(below(place, "endPort"), "needs a port that is a number");
    return undefined;
  }
  if (port === undefined) return { protocol, numbers: everyNumber, numbered: false };
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
  return { protocol, numbers: { lo: BigInt(lo), hi: BigInt(hi) }, numbered: true };
}

function readProtocol(value: unknown, place: Place): Protocol | undefined {
  if (value === undefined || value === null) return "TCP";
  const protocol = protocols.find((known) => known === value);
  if (protocol === undefined) report(place, "is a protocol this version does not know");
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
