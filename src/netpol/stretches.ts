import { axisOf } from "./axis.ts";
import { isWhole, type Port, type Ports, type PortSet, protocols } from "./ports.ts";
import { overlaps } from "./spans.ts";

/** True where the old ports can make a difference to the new ones. */
export function meets(old: Ports, ports: Ports): boolean {
  if (isWhole(old)) return true;
  if (old.names.size > 0 && (isWhole(ports) || !old.names.isDisjointFrom(ports.names))) return true;
  return overlaps(old.numbers, ports.numbers);
}

/** One port of each stretch over which none of `cutters` begins or ends. */
export function* stretches(ports: PortSet, cutters: readonly PortSet[]): Generator<Port> {
  for (const protocol of protocols) {
    const axis = axisOf(
      protocol,
      [ports, ...cutters].map((set) => set[protocol]),
    );
    const cuts = cutters.flatMap((set) =>
      axis.place(set[protocol]).flatMap(({ lo, hi }) => [lo, hi + 1n]),
    );
    const sorted = [...new Set(cuts)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    let next = 0;
    for (const { lo, hi } of axis.place(ports[protocol])) {
      yield axis.portAt(lo);
      for (; (sorted[next] ?? hi + 1n) <= hi; next += 1) {
        const at = sorted[next] ?? lo;
        if (at > lo) yield axis.portAt(at);
      }
    }
  }
}
