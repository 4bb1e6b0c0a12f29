import type { Family } from "../../netpol/address.ts";
import type { AddressPeer, Direction, PolicyRule } from "../../netpol/model.ts";
import { size, type Spans, subtract, union } from "../../netpol/spans.ts";
import { isCarvedOut } from "../carveouts.ts";
import type { Judged } from "../rule.ts";
import type { Standard } from "../standard.ts";

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
  { rules, standard }: Pick<Judged, "rules" | "standard">,
  direction: Direction,
  family: Family,
): readonly Contributor[] {
  return rules
    .filter((rule) => rule.direction === direction)
    .flatMap((rule) => sharesOf(standard, rule))
    .filter(({ peer }) => peer.block.family === family)
    .toSorted(byWidth);
}

/** Widest first; ties by the name of their policy, then as they are written. */
export function byWidth(a: Contributor, b: Contributor): number {
  if (a.width !== b.width) return a.width > b.width ? -1 : 1;
  const [one, other] = [a.rule.policy.name, b.rule.policy.name];
  return one < other ? -1 : one > other ? 1 : 0;
}

// The same policies are neighbours of every other one of their namespace.
const known = new WeakMap<Standard, WeakMap<PolicyRule, readonly Contributor[]>>();

/** The blocks of one rule that no carve-out exempts, of both families. */
export function sharesOf(standard: Standard, rule: PolicyRule): readonly Contributor[] {
  const byRule = known.get(standard) ?? new WeakMap<PolicyRule, readonly Contributor[]>();
  known.set(standard, byRule);
  const shares = byRule.get(rule) ?? readShares(standard, rule);
  byRule.set(rule, shares);
  return shares;
}

function readShares(standard: Standard, rule: PolicyRule): readonly Contributor[] {
  if (isCarvedOut({ standard }, rule)) return [];
  return (rule.peers ?? []).flatMap((peer) => {
    if (peer.kind !== "addresses" || peer.block.spans.length === 0) return [];
    const { spans, family } = peer.block;
    const { excluded } = standard.measure[family];
    return [{ rule, peer, spans, width: size(subtract(spans, excluded)) }];
  });
}

/** The blocks of one rule: they come and go together along the ports. */
export type Group = {
  readonly rule: PolicyRule;
  readonly widest: Contributor;
  /** Widest first. */
  readonly members: readonly Contributor[];
  readonly spans: Spans;
  /** It may carry a finding; otherwise it only adds to one. */
  readonly carries: boolean;
};

/** Groups contributors that are sorted by width: first those that carry, the widest block ahead. */
export function groupByRule(
  contributors: readonly Contributor[],
  carries: (rule: PolicyRule) => boolean = () => true,
): readonly Group[] {
  const groups = Map.groupBy(contributors, ({ rule }) => rule);
  const ordered = [...groups].flatMap(([rule, members]): readonly Group[] => {
    const [widest] = members;
    const spans = union(members.flatMap((member) => member.spans));
    return widest === undefined ? [] : [{ rule, widest, members, spans, carries: carries(rule) }];
  });
  return [...ordered.filter((group) => group.carries), ...ordered.filter((g) => !g.carries)];
}
