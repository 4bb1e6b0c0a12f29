import type { Family } from "../../netpol/address.ts";
import { axisOf, type PortAxis } from "../../netpol/axis.ts";
import type { OldAddresses } from "../../netpol/before.ts";
import type { Direction, PolicyRule } from "../../netpol/model.ts";
import { everyNumber, type Ports, type Protocol } from "../../netpol/ports.ts";
import { type Span, type Spans, subtract, union } from "../../netpol/spans.ts";
import type { Layer } from "../../netpol/sweep.ts";
import { channels } from "../../netpol/tree.ts";
import type { Judged } from "../rule.ts";
import type { Group } from "./contributor.ts";

/** Numbers, and on ingress every name that is mentioned. */
export function axisOfRules(
  protocol: Protocol,
  direction: Direction,
  rules: readonly PolicyRule[],
  olds: readonly OldAddresses[],
): PortAxis {
  const mentioned = direction === "egress" ? [] : [...rules, ...olds];
  return axisOf(
    protocol,
    mentioned.map(({ ports }) => ports[protocol]),
  );
}

/** The groups' layers in their order, then what else is new, then what was there before. */
export function layersOf(
  judged: Judged,
  { direction, family, axis }: { direction: Direction; family: Family; axis: PortAxis },
  groups: readonly Group[],
): readonly Layer[] {
  const { protocol } = axis;
  const olds = judged.before[direction].addresses[family];
  const isAnyNumber = ({ names }: Ports) => direction === "egress" && names.size > 0;
  const covers: Layer[] = [];
  const rest: Layer[] = [];
  const byName = oldSpansByName(olds, protocol);
  for (const { rule, spans: set, carries } of groups) {
    const ports = rule.ports[protocol];
    const over = axis.place(ports);
    if (!isAnyNumber(ports)) {
      const channel = carries ? channels.cover | channels.fresh : channels.cover;
      covers.push({ channel, over, set });
      continue;
    }
    covers.push({ channel: channels.cover, over: [everyNumber], set });
    if (!carries) continue;
    rest.push({ channel: channels.fresh, over, set });
    // What was reached by the same name before was reached on the same number, whichever it is.
    for (const name of ports.names) {
      const known = byName.get(name) ?? [];
      if (!judged.meter.spend(known.length)) break;
      const added = subtract(set, known);
      rest.push({ channel: channels.fresh, over: [everyNumber], set: added });
    }
  }
  for (const { ports, set } of olds) {
    rest.push({ channel: channels.old, over: axis.place(ports[protocol]), set });
  }
  return [...covers, ...rest];
}

function oldSpansByName(
  olds: readonly OldAddresses[],
  protocol: Protocol,
): ReadonlyMap<string, Spans> {
  const byName = new Map<string, Span[]>();
  for (const { ports, set } of olds) {
    for (const name of ports[protocol].names) {
      const spans = byName.get(name) ?? [];
      spans.push(...set);
      byName.set(name, spans);
    }
  }
  return new Map([...byName].map(([name, spans]) => [name, union(spans)]));
}
