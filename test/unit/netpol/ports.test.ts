import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  admits,
  emptyPorts,
  everyPort,
  firstPort,
  hasNoPort,
  includesPorts,
  mayMeet,
  type Port,
  type PortSet,
  unite,
  without,
} from "../../../src/netpol/ports.ts";
import { readPorts } from "../../../src/netpol/readports.ts";
import { placeAt } from "../../../src/netpol/wire.ts";

type Entry = {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
};

const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ protocol: fc.constantFrom("TCP", "UDP") }),
  fc.record({ protocol: fc.constantFrom("TCP", "UDP"), port: fc.constantFrom("http", "dns") }),
  fc
    .record({
      protocol: fc.constantFrom("TCP", "UDP"),
      port: fc.integer({ min: 1, max: 6 }),
      length: fc.integer({ min: 0, max: 4 }),
    })
    .map(({ protocol, port, length }) => ({ protocol, port, endPort: port + length })),
  fc.constant({ protocol: "TCP", port: 1, endPort: 65_535 }),
);
const entries = fc.array(entry, { minLength: 1, maxLength: 4 });

const universe: readonly Port[] = (["TCP", "UDP", "SCTP"] as const).flatMap((protocol) =>
  [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n, 11n, 65_535n, "http", "dns", "other"].map((port) => ({
    protocol,
    port,
  })),
);

/** The words of the API, entry by entry; a name is covered by the whole protocol only. */
function opens(all: readonly Entry[], { protocol, port }: Port): boolean {
  return all.some((one) => {
    if ((one.protocol ?? "TCP") !== protocol) return false;
    const isWhole = one.port === undefined || (one.port === 1 && one.endPort === 65_535);
    if (typeof one.port === "string" || typeof port === "string")
      return isWhole || one.port === port;
    const lo = one.port ?? 1;
    return isWhole || (BigInt(lo) <= port && port <= BigInt(one.endPort ?? lo));
  });
}

function read(all: readonly Entry[]): PortSet {
  return readPorts(all, placeAt("ports", [])).ports;
}

function admitted(set: PortSet): readonly boolean[] {
  return universe.map((port) => admits(set, port));
}

describe("port sets", () => {
  it("admit what some entry opens", () => {
    fc.assert(
      fc.property(entries, (all) => {
        expect(admitted(read(all))).toEqual(universe.map((port) => opens(all, port)));
      }),
    );
  });

  it("unite, subtract and include port by port", () => {
    fc.assert(
      fc.property(entries, entries, (left, right) => {
        const a = read(left);
        const b = read(right);
        expect(admitted(unite([a, b]))).toEqual(
          universe.map((port) => opens(left, port) || opens(right, port)),
        );
        // Of a whole protocol no single name can be taken away.
        const rest = without(a, b);
        for (const port of universe.filter((one) => typeof one.port === "bigint")) {
          expect(admits(rest, port)).toBe(opens(left, port) && !opens(right, port));
        }
        expect(includesPorts(a, b)).toBe(hasNoPort(without(b, a)));
      }),
    );
  });

  it("may meet where they share a number, and wherever a name may be any number", () => {
    fc.assert(
      fc.property(entries, entries, (left, right) => {
        const isShared = universe.some((port) => opens(left, port) && opens(right, port));
        const isNamed = (["TCP", "UDP"] as const).some((protocol) => {
          const [a, b] = [left, right].map((all) => all.filter((one) => one.protocol === protocol));
          const names = [...(a ?? []), ...(b ?? [])].some(({ port }) => typeof port === "string");
          return names && a?.length !== 0 && b?.length !== 0;
        });
        expect(mayMeet(read(left), read(right))).toBe(isShared || isNamed);
      }),
    );
  });

  it("are every port of every protocol when no port is listed", () => {
    for (const none of [undefined, null, []]) {
      expect(readPorts(none, placeAt("ports", []))).toEqual({
        ports: everyPort,
        numbered: false,
      });
    }
  });

  it("read an empty entry as all of TCP, null fields included", () => {
    const all = read([{}]);
    expect(read(JSON.parse('[null, {"protocol": null, "port": null, "endPort": null}]'))).toEqual(
      all,
    );
    expect(all.UDP).toEqual(emptyPorts.UDP);
    expect(firstPort(all)).toEqual({ protocol: "TCP", port: 1n });
  });
});
