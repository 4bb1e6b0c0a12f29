import { type Active, createActive } from "./active.ts";
import type { Meter } from "./meter.ts";
import type { Span, Spans } from "./spans.ts";
import type { CoverTree } from "./tree.ts";

/** At each point of `over`, the numbers of `set` count for the channel. */
export type Layer = { readonly channel: number; readonly over: Spans; readonly set: Spans };

/** What it costs to enter a span into a tree, measured against the other steps. */
const stepsPerSpan = 4;

/** What it costs to sort the ends of a span, along the axis or in the tree. */
const stepsPerEnds = 5;

/** One stretch over which the same layers are active. */
export type Visit = (atom: Span, active: Active) => void;

/**
 * Goes along the axis of `over` and shows the tree, brought up to date, at each stretch where some
 * layer is active. A layer is entered into the tree only when a stretch is visited that needs the
 * change, so a layer with many gaps costs no more than one without.
 */
export function sweep(layers: readonly Layer[], tree: CoverTree, meter: Meter, visit: Visit): void {
  const spans = layers.reduce((sum, { over, set }) => sum + over.length + set.length, 0);
  if (!meter.spend(stepsPerEnds * spans)) return;
  const active = createActive(layers.length);
  const entered = new Uint8Array(layers.length);
  const changed = new Set<number>();
  let count = 0;

  function settle(): void {
    for (const index of changed) {
      const layer = layers[index];
      const isActive = active.has(index);
      if (layer === undefined || isActive === (entered[index] === 1)) continue;
      if (!meter.spend(stepsPerSpan * layer.set.length)) return;
      if (isActive) tree.add(layer.set, layer.channel);
      else tree.remove(layer.set, layer.channel);
      entered[index] = isActive ? 1 : 0;
    }
    changed.clear();
  }

  const events = eventsOf(layers);
  for (let i = 0; i < events.length;) {
    const at = events[i]?.at ?? 0n;
    for (let event = events[i]; event?.at === at; event = events[i]) {
      active.set(event.layer, event.starts);
      count += event.starts ? 1 : -1;
      changed.add(event.layer);
      i += 1;
    }
    const next = events[i]?.at;
    if (count === 0 || next === undefined) continue;
    if (!meter.spend(1)) break;
    settle();
    if (meter.exhausted()) break;
    visit({ lo: at, hi: next - 1n }, active);
  }
  for (const [index, layer] of layers.entries()) {
    if (entered[index] === 1) tree.remove(layer.set, layer.channel);
  }
}

type Event = { readonly at: bigint; readonly layer: number; readonly starts: boolean };

function eventsOf(layers: readonly Layer[]): readonly Event[] {
  const events = layers.flatMap(({ over }, layer) =>
    over.flatMap(({ lo, hi }): Event[] => [
      { at: lo, layer, starts: true },
      { at: hi + 1n, layer, starts: false },
    ]),
  );
  // Spans of one layer never touch, so at one point it either starts or ends.
  return events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
