import { keyOfPods } from "../../netpol/before.ts";
import { findNewPod } from "../../netpol/growth.ts";
import type { Direction, PodPeer, PolicyRule } from "../../netpol/model.ts";
import { podsOutside } from "../../netpol/population.ts";
import { eachProtocol, emptyPorts, type Protocol, protocols, unite } from "../../netpol/ports.ts";
import { describeWitness } from "../describe.ts";
import type { Judged } from "../rule.ts";
import { podPeersOf } from "../strangers.ts";
import { countPorts } from "./count.ts";
import type { Excess } from "./excess.ts";

type Member = { readonly rule: PolicyRule; readonly peer: PodPeer };

/** Peers that are pods of other namespaces and have too many ports, over all rules that name them. */
export function excessOfPods(
  judged: Judged,
  direction: Direction,
  rules: readonly PolicyRule[],
): readonly Excess[] {
  const members = rules.flatMap((rule) => podPeersOf(rule).map((peer) => ({ rule, peer })));
  const groups = Map.groupBy(members, ({ peer }) => keyOfPods(peer));
  return [...groups.values()].flatMap((group) => judgeGroup(judged, direction, group));
}

function judgeGroup(
  judged: Judged,
  direction: Direction,
  group: readonly Member[],
): readonly Excess[] {
  const all = unite(group.map(({ rule }) => rule.ports));
  const limit = BigInt(judged.standard.parameters.maxPorts);
  const isExcessive = (one: Protocol) => countPorts(all[one]) > limit;
  const protocol = protocols.find(isExcessive);
  const [first] = group;
  if (protocol === undefined || first === undefined) return [];
  const { before, meter, policy } = judged;
  const outside = podsOutside(policy.namespace);
  const ports = eachProtocol((one) => (isExcessive(one) ? all : emptyPorts)[one]);
  const found = findNewPod(outside, first.peer, ports, before[direction], meter);
  if (found === undefined) return [];
  const [carrier = first, ...others] = group.toSorted(byWidth(protocol));
  return [
    {
      peer: carrier.peer,
      protocol,
      count: countPorts(all[protocol]),
      others: others.map(({ rule }) => rule.path),
      witness: describeWitness(direction, found.pod, found.port),
    },
  ];
}

function byWidth(protocol: Protocol): (a: Member, b: Member) => number {
  const width = ({ rule }: Member) => countPorts(rule.ports[protocol]);
  return (a, b) => Number(width(b) - width(a));
}
