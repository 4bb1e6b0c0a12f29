import type { OldAddresses } from "./before.ts";
import type { Meter } from "./meter.ts";
import { emptyPorts, everyNumber, everyPort, isWhole, type PortSet, protocols } from "./ports.ts";
import type { Protocol } from "./ports.ts";
import { size, type Span, union } from "./spans.ts";
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
      return size(union(parts.flatMap(({ numbers }) => numbers))) === everyNumber.hi;
    }),
  );
}

/** The addresses on which these rules open a whole protocol together, as rules of their own. */
export function wholeOnAddresses(
  olds: readonly OldAddresses[],
  among: ReadonlySet<Protocol>,
  meter: Meter,
): readonly OldAddresses[] {
  return [...among].flatMap((protocol) => {
    const layers = olds.map(({ set, ports }) => {
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
    const ports = { ...emptyPorts, [protocol]: everyPort[protocol] };
    return found.length === 0 ? [] : [{ set: union(found), ports }];
  });
}
