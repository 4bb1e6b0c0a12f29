import type { Family } from "../../netpol/address.ts";
import type { AddressPeer, Direction, PolicyRule } from "../../netpol/model.ts";
import { size, type Spans, subtract, union } from "../../netpol/spans.ts";
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

/** The blocks of one rule: they come and go together along the ports. */
export type Group = {
  readonly rule: PolicyRule;
  readonly widest: Contributor;
  /** Widest first. */
  readonly members: readonly Contributor[];
  readonly spans: Spans;
};

/** Groups contributors that are sorted by width; the group with the widest block comes first. */
export function groupByRule(contributors: readonly Contributor[]): readonly Group[] {
  const groups = Map.groupBy(contributors, ({ rule }) => rule);
  return [...groups].flatMap(([rule, members]) => {
    const [widest] = members;
    const spans = union(members.flatMap((member) => member.spans));
    return widest === undefined ? [] : [{ rule, widest, members, spans }];
  });
}
