import { keyOfPods } from "../../netpol/before.ts";
import { findNewPod } from "../../netpol/growth.ts";
import type { Direction, PodPeer, PolicyRule } from "../../netpol/model.ts";
import { placesOf } from "../../netpol/places.ts";
import { podsOutside } from "../../netpol/population.ts";
import {
  eachProtocol,
  emptyPorts,
  type PortSet,
  type Protocol,
  protocols,
  unite,
} from "../../netpol/ports.ts";
import { describeWitness } from "../describe.ts";
import type { Judged } from "../rule.ts";
import { podPeersOf } from "../strangers.ts";
import { countPorts } from "./count.ts";
import type { Excess, Found, Together } from "./excess.ts";

type Member = { readonly rule: PolicyRule; readonly peer: PodPeer };

/** The one place on the axis of a peer. */
const here = [{ lo: 0n, hi: 0n }];

/** Peers that are pods of other namespaces and have too many ports, over all rules that name them. */
export function excessOfPods(
  judged: Judged,
  direction: Direction,
  rules: readonly PolicyRule[],
  together?: Together,
): Found {
  const members = rules.flatMap((rule) => podPeersOf(rule).map((peer) => ({ rule, peer })));
  const limit = BigInt(judged.standard.parameters.maxPorts);
  const found = [...Map.groupBy(members, ({ peer }) => keyOfPods(peer))].flatMap(([key, group]) => {
    const all = unite(group.map(({ rule }) => rule.ports));
    const excessive = protocols.filter((one) => countPorts(all[one]) > limit);
    const worth = excessive.filter((one) => together?.at.has(`${key}/${one}`) ?? true);
    const excess = judgeGroup(judged, direction, group, { all, excessive: worth }, together);
    return [
      {
        keys: excessive.map((one) => `${key}/${one}`),
        excess,
        worth: worth.map((one) => `${key}/${one}`),
      },
    ];
  });
  return {
    places: placesOf(found.flatMap(({ keys }) => keys.map((key) => [key, here] as const))),
    carried: placesOf(
      found.flatMap(({ excess, worth }) =>
        excess ? worth.map((key) => [key, here] as const) : [],
      ),
    ),
    excesses: found.flatMap(({ excess }) => excess ?? []),
  };
}

function judgeGroup(
  judged: Judged,
  direction: Direction,
  group: readonly Member[],
  { all, excessive }: { readonly all: PortSet; readonly excessive: readonly Protocol[] },
  together: Together | undefined,
): Excess | undefined {
  const [protocol] = excessive;
  const carriers =
    together === undefined ? group : group.filter(({ rule }) => together.carries(rule));
  const [first] = carriers;
  if (protocol === undefined || first === undefined) return undefined;
  const { before, meter, policy } = judged;
  const outside = podsOutside(policy.namespace);
  const own = together === undefined ? all : unite(carriers.map(({ rule }) => rule.ports));
  const [carrier = first] = carriers.toSorted(byWidth(protocol));
  const newOn = (some: PortSet) => {
    const ports = eachProtocol((one) => (excessive.includes(one) ? some : emptyPorts)[one]);
    return findNewPod(outside, first.peer, ports, before[direction], meter);
  };
  // A port of the carrier itself says more.
  const found = (together && newOn(carrier.rule.ports)) ?? newOn(own);
  if (found === undefined) return undefined;
  const others = group.filter((other) => other !== carrier).toSorted(byWidth(protocol));
  return {
    rule: carrier.rule,
    peer: carrier.peer,
    protocol,
    count: countPorts(all[protocol]),
    others: [
      ...others.filter(({ rule }) => rule.policy !== carrier.rule.policy),
      ...others.filter(({ rule }) => rule.policy === carrier.rule.policy),
    ].map(({ rule }) => rule),
    witness: describeWitness(direction, found.pod, found.port),
  };
}

/** Most ports first; ties by the name of their policy. */
function byWidth(protocol: Protocol): (a: Member, b: Member) => number {
  const width = ({ rule }: Member) => countPorts(rule.ports[protocol]);
  return (a, b) => {
    const [one, other] = [a.rule.policy.name, b.rule.policy.name];
    return Number(width(b) - width(a)) || (one < other ? -1 : one > other ? 1 : 0);
  };
}
