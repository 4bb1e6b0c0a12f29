import { keyOfPods } from "../../netpol/before.ts";
import { findNewPod } from "../../netpol/growth.ts";
import type { Direction, PodPeer, PolicyRule } from "../../netpol/model.ts";
import { podsOutside } from "../../netpol/population.ts";
import {
  eachProtocol,
  emptyPorts,
  isEmpty,
  type PortSet,
  protocols,
  unite,
} from "../../netpol/ports.ts";
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
  const tooMany = eachProtocol((protocol) =>
    countPorts(all[protocol]) > limit ? all[protocol] : emptyPorts[protocol],
  );
  const protocol = protocols.find((one) => !isEmpty(tooMany[one]));
  const [first] = group;
  if (protocol === undefined || first === undefined) return [];
  const { before, meter, policy } = judged;
  const found = findNewPod(
    podsOutside(policy.namespace),
    first.peer,
    tooMany,
    before[direction],
    meter,
  );
  if (found === undefined) return [];
  const [carrier = first, ...others] = group.toSorted(byWidth(tooMany));
  return [
    {
      peer: carrier.peer,
      protocol,
      count: countPorts(all[protocol]),
      others: others.map(({ peer }) => peer),
      witness: describeWitness(direction, found.pod, found.port),
    },
  ];
}

function byWidth(tooMany: PortSet): (a: Member, b: Member) => number {
  const width = ({ rule }: Member) =>
    protocols.reduce(
      (sum, one) => sum + (isEmpty(tooMany[one]) ? 0n : countPorts(rule.ports[one])),
      0n,
    );
  return (a, b) => Number(width(b) - width(a));
}
