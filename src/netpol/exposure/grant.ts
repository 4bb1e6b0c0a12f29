import type { Family } from "../address.ts";
import { formatCIDR, smallestList } from "../cidr.ts";
import type { Direction, PodPeer } from "../model.ts";
import { emptyPorts, type Port, type PortSet, protocols, unite, without } from "../ports.ts";
import { normalKey } from "../selector.ts";
import { union } from "../spans.ts";
import type { PodClass } from "./cluster.ts";
import { describePeer } from "./describe.ts";
import type { RuleRef } from "./input.ts";
import type { BlockPeer, Rule } from "./policy.ts";
import { resolve } from "./resolve.ts";

/** Ports that are open, and the rules that open them. */
export type Grant = {
  /** Names are left on egress only: each destination has numbers of its own for them. */
  readonly ports: PortSet;
  /** More ports, that are open if the network plugin reads a name that stands for several so. */
  readonly perhaps: PortSet;
  /** Names that the pod does not have: they open nothing. */
  readonly missing: readonly Port[];
  readonly rules: readonly RuleRef[];
};

/** Pods that a selector admits, known or not. */
export type PodsGrant = Grant & { readonly who: string; readonly peer: PodPeer };

/** Addresses that blocks admit, excepts taken out. */
export type AddressesGrant = Grant & {
  readonly family: Family;
  /** The smallest list that is equal to the addresses. */
  readonly cidrs: readonly string[];
  /** A spelling that network plugins read differently: these are the addresses that the API reads. */
  readonly ambiguous: boolean;
};

export type Grants = {
  /** Every pod, every node and every address. */
  readonly everyone: Grant | undefined;
  readonly pods: readonly PodsGrant[];
  readonly addresses: readonly AddressesGrant[];
};

type Opened = Omit<Grant, "rules">;
type Written<P> = { readonly peer: P; readonly rule: RuleRef; readonly opened: Opened };

/** What the rules of a pod say, equal peers taken together. */
export function grantsOf(podClass: PodClass, direction: Direction): Grants {
  const everyone: Written<undefined>[] = [];
  const pods: Written<PodPeer>[] = [];
  const blocks: Written<BlockPeer>[] = [];
  for (const { rule } of podClass[direction].rules) {
    const { policy, path, peers } = rule;
    const opened = openedBy(rule, direction, podClass.portNames);
    if (peers === undefined) everyone.push({ peer: undefined, rule: { policy, path }, opened });
    for (const peer of peers ?? []) {
      const written = { rule: { policy, path: peer.path }, opened };
      if (peer.kind === "addresses") blocks.push({ ...written, peer });
      else pods.push({ ...written, peer });
    }
  }
  return {
    everyone: everyone.length === 0 ? undefined : gather(everyone),
    pods: [...Map.groupBy(pods, ({ peer }) => keyOfPeer(peer)).values()].flatMap((group) =>
      podsGrant(group, podClass.namespace),
    ),
    addresses: [...Map.groupBy(blocks, keyOfBlock).values()].flatMap(addressesGrant),
  };
}

function openedBy({ ports }: Rule, direction: Direction, names: PodClass["portNames"]): Opened {
  if (direction === "egress") return { ports, perhaps: emptyPorts, missing: [] };
  const resolved = resolve(ports, names);
  const more = without(resolved.perhaps, resolved.certain);
  return { ports: resolved.certain, perhaps: more, missing: resolved.missing };
}

function gather(group: readonly Written<unknown>[]): Grant {
  const ports = unite(group.map(({ opened }) => opened.ports));
  return {
    ports,
    perhaps: without(unite(group.map(({ opened }) => opened.perhaps)), ports),
    missing: group.flatMap(({ opened }) => opened.missing),
    rules: group.map(({ rule }) => rule),
  };
}

function podsGrant(group: readonly Written<PodPeer>[], own: string): readonly PodsGrant[] {
  const [first] = group;
  if (first === undefined) return [];
  return [{ who: describePeer(first.peer, own), peer: first.peer, ...gather(group) }];
}

function addressesGrant(group: readonly Written<BlockPeer>[]): readonly AddressesGrant[] {
  const [first] = group;
  if (first === undefined) return [];
  const { family, ambiguous } = first.peer;
  const spans = union(group.flatMap(({ peer }) => peer.spans));
  const cidrs = smallestList(family, spans).map(formatCIDR);
  return [{ family, ambiguous, cidrs, ...gather(group) }];
}

function keyOfPeer({ namespaces, pods }: PodPeer): string {
  return `${namespaces === "own" ? namespaces : normalKey(namespaces)} ${normalKey(pods)}`;
}

function keyOfBlock({ peer, opened }: Written<BlockPeer>): string {
  const ports = [opened.ports, opened.perhaps].map(keyOfPorts);
  return [peer.family, peer.ambiguous, ...ports].join(" ");
}

function keyOfPorts(set: PortSet): string {
  return protocols
    .map((protocol) => {
      const { numbers, names } = set[protocol];
      return [...numbers.map(({ lo, hi }) => `${lo}-${hi}`), ...[...names].toSorted()].join();
    })
    .join("/");
}
