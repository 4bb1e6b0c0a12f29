import { contains, intersect, type Span, type Spans, subtract, union } from "../../netpol/spans.ts";
import type { Layer } from "../../netpol/sweep.ts";
import { channels } from "../../netpol/tree.ts";
import type { Judged } from "../rule.ts";
import { byWidth, type Contributor, type Group } from "./contributor.ts";

type Carried = { readonly carrier: Contributor; readonly others: readonly Contributor[] };

/** The widest block that holds the witness carries the finding and names the others. */
export function carry({ widest }: Group, here: readonly Group[], address: bigint): Carried {
  const all = here.flatMap(({ members }) => members);
  const carrier = all.find(({ spans }) => contains(spans, address)) ?? widest;
  return { carrier, others: all.filter((other) => other !== carrier) };
}

/** The widest block that adds something carries the finding, with what it adds, and names the others. */
export function carryTogether(
  { meter }: Judged,
  excluded: Spans,
  here: readonly Group[],
  active: readonly Layer[],
): (Carried & { readonly span: Span }) | undefined {
  const of = (channel: number) =>
    union(active.flatMap((layer) => (layer.channel & channel ? layer.set : [])));
  const fresh = subtract(of(channels.fresh), union([...of(channels.old), ...excluded]));
  const all = here.flatMap(({ members }) => members).toSorted(byWidth);
  const carriers = here.filter(({ carries }) => carries).flatMap(({ members }) => members);
  if (!meter.spend(all.length + fresh.length)) return undefined;
  for (const carrier of carriers.toSorted(byWidth)) {
    const [span] = intersect(carrier.spans, fresh);
    if (span === undefined) continue;
    return { carrier, others: all.filter((other) => other !== carrier), span };
  }
  return undefined;
}
