import type { Meter } from "./meter.ts";
import {
  everyNumber,
  everyPortOf,
  isWhole,
  type PortSet,
  type Protocol,
  protocols,
} from "./ports.ts";
import { size, type Span, type Spans, union } from "./spans.ts";
import { sweep } from "./sweep.ts";
import { channels, createTree } from "./tree.ts";

/**
 * Protocols of which several port sets have every number together, and none alone: whoever is
 * admitted on each of them is admitted on the whole protocol, whatever the number behind a name.
 */
export function wholeTogether(sets: readonly PortSet[]): ReadonlySet<Protocol> {
  return new Set(
    protocols.filter((protocol) => {
      const parts = sets.map((set) => set[protocol]).filter((ports) => !isWhole(ports));
      const numbers = parts.flatMap((ports) => ports.numbers);
      // Mostly they are too few even if none were listed twice.
      return size(numbers) >= everyNumber.hi && size(union(numbers)) === everyNumber.hi;
    }),
  );
}

/** Addresses, with the ports that are open on them. */
type Opened = { readonly set: Spans; readonly ports: PortSet };

/** The addresses on which a whole protocol is open by several of these together, as one more. */
export function wholeOnAddresses(
  all: readonly Opened[],
  among: ReadonlySet<Protocol>,
  meter: Meter,
): readonly Opened[] {
  return [...among].flatMap((protocol) => {
    const layers = all.map(({ set, ports }) => {
      return { channel: channels.cover, over: set, set: ports[protocol].numbers };
    });
    const ground = { last: everyNumber.hi, excluded: [], bucket: undefined };
    const tree = createTree(
      ground,
      layers.map(({ set }) => set),
    );
    const found: Span[] = [];
    sweep(layers, tree, meter, (atom) => {
      if (tree.covered() === everyNumber.hi) found.push(atom);
    });
    return found.length === 0 ? [] : [{ set: union(found), ports: everyPortOf(protocol) }];
  });
}
