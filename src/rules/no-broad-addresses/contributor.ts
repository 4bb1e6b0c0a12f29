import type { Family } from "../../netpol/address.ts";
import type { AddressPeer, Direction, PolicyRule } from "../../netpol/model.ts";
import { size, type Spans, subtract } from "../../netpol/spans.ts";
import { isCarvedOut } from "../carveouts.ts";
import type { Judged } from "../rule.ts";

/** A block of a rule that takes part in the sum of addresses. */
export type Contributor = {
  readonly rule: PolicyRule;
  readonly peer: AddressPeer;
  readonly spans: Spans;
  /** Addresses that count. */
  readonly width: bigint;
};

/** The blocks of a direction and family that no carve-out exempts, widest first. */
export function contributorsOf(
  judged: Judged,
  direction: Direction,
  family: Family,
): readonly Contributor[] {
  const { excluded } = judged.standard.measure[family];
  const rules = judged.rules.filter(
    (rule) => rule.direction === direction && !isCarvedOut(judged, rule),
  );
  return rules
    .flatMap((rule) =>
      (rule.peers ?? []).flatMap((peer) => {
        if (peer.kind !== "addresses" || peer.block.family !== family) return [];
        const { spans } = peer.block;
        if (spans.length === 0) return [];
        return [{ rule, peer, spans, width: size(subtract(spans, excluded)) }];
      }),
    )
    .toSorted((a, b) => (a.width > b.width ? -1 : a.width < b.width ? 1 : 0));
}
