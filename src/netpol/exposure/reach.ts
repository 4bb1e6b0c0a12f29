import {
  eachProtocol,
  emptyPorts,
  everyPort,
  type PortSet,
  portsOf,
  protocols,
  unite,
  without,
} from "../ports.ts";
import { intersect } from "../spans.ts";

/** The ports of a connection between two pods, or of one side of it, by verdict; all are numbers. */
export type Reach = {
  readonly allowed: PortSet;
  readonly depends: PortSet;
  readonly notEvaluated: PortSet;
};

/**
 * How far a reach may go: `certain` within `perhaps` (if the network plugin likes) within
 * `unread` (if a policy that could not be read says so). Both sides of a connection meet bound by
 * bound.
 */
export type Bounds = {
  readonly certain: PortSet;
  readonly perhaps: PortSet;
  readonly unread: PortSet;
};

/** Few reaches occur again and again: each has a number, and what was computed once is known. */
export type Reaches = {
  readonly idOf: (bounds: Bounds) => number;
  readonly union: (a: number, b: number) => number;
  readonly intersection: (a: number, b: number) => number;
  readonly get: (id: number) => Reach;
};

/** The numbers of the reaches that every store has. */
export const nothing = 0;
export const everything = 1;
/** Everything, if the network plugin likes. */
export const perhaps = 2;
/** Everything, if a policy that could not be read says so. */
export const unread = 3;

/** Creates a store of reaches. */
export function createReaches(): Reaches {
  const bounds: Bounds[] = [];
  const ids = new Map<string, number>();
  const reaches: (Reach | undefined)[] = [];
  function idOf(one: Bounds): number {
    const key = keyOf(one);
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, bounds.length);
    return bounds.push(one) - 1;
  }
  function boundsOf(id: number): Bounds {
    return bounds[id] ?? standing[nothing];
  }
  for (const one of standing) idOf(one);
  return {
    idOf,
    union: remember((a, b) => idOf(combine(boundsOf(a), boundsOf(b), unitePair))),
    intersection: remember((a, b) => {
      if (a === nothing || b === nothing) return nothing;
      if (a === everything) return b;
      return b === everything ? a : idOf(combine(boundsOf(a), boundsOf(b), intersectPorts));
    }),
    get: (id) => (reaches[id] ??= reachOf(boundsOf(id))),
  };
}

const standing = [
  { certain: emptyPorts, perhaps: emptyPorts, unread: emptyPorts },
  { certain: everyPort, perhaps: everyPort, unread: everyPort },
  { certain: emptyPorts, perhaps: everyPort, unread: everyPort },
  { certain: emptyPorts, perhaps: emptyPorts, unread: everyPort },
] as const;

/** A function of an unordered pair of small numbers that computes nothing twice. */
function remember(compute: (a: number, b: number) => number): (a: number, b: number) => number {
  const known: (number | undefined)[][] = [];
  return (a, b) => {
    if (a === b) return a;
    const [low, high] = a < b ? [a, b] : [b, a];
    const row = (known[low] ??= []);
    return (row[high] ??= compute(low, high));
  };
}

function combine(a: Bounds, b: Bounds, join: (a: PortSet, b: PortSet) => PortSet): Bounds {
  return {
    certain: join(a.certain, b.certain),
    perhaps: join(a.perhaps, b.perhaps),
    unread: join(a.unread, b.unread),
  };
}

function unitePair(a: PortSet, b: PortSet): PortSet {
  return unite([a, b]);
}

function intersectPorts(a: PortSet, b: PortSet): PortSet {
  return eachProtocol((protocol) =>
    portsOf(intersect(a[protocol].numbers, b[protocol].numbers), []),
  );
}

function reachOf({ certain, perhaps: likely, unread: most }: Bounds): Reach {
  return {
    allowed: certain,
    depends: without(likely, certain),
    notEvaluated: without(most, likely),
  };
}

function keyOf({ certain, perhaps: likely, unread: most }: Bounds): string {
  return [certain, likely, most].map(keyOfPorts).join("|");
}

function keyOfPorts(ports: PortSet): string {
  return protocols
    .map((protocol) => ports[protocol].numbers.map(({ lo, hi }) => `${lo}-${hi}`).join())
    .join("/");
}
