import type {
  EgressRule,
  IngressRule,
  LabelSelector,
  NetworkPolicy,
  Peer,
} from "../../src/api/networkpolicy.ts";
import { type Block, readCIDR, unfold } from "./address.ts";
import { type Entry, entriesOf } from "./port.ts";
import { partsOf, satisfiable } from "./selector.ts";

export type Direction = "ingress" | "egress";
export const directions = ["ingress", "egress"] as const;

export type BlockPeer = {
  readonly kind: "block";
  readonly key: string;
  readonly block: Block;
  readonly excepts: readonly Block[];
};
export type PodPeer = {
  readonly kind: "own" | "pods";
  readonly key: string;
  readonly namespaceSelector: LabelSelector | null | undefined;
  readonly podSelector: LabelSelector | null | undefined;
};

export type Rule = {
  readonly direction: Direction;
  /** `ingress[0]`; a peer's key is `ingress[0][1]`. */
  readonly key: string;
  readonly everyone: boolean;
  readonly peers: readonly (BlockPeer | PodPeer)[];
  readonly entries: readonly Entry[];
  /** True when each entry of the written list has a number. */
  readonly numbered: boolean;
};

/** The policy types after the API server's defaulting. */
export function typesOf(networkPolicy: NetworkPolicy): readonly string[] {
  const { policyTypes, egress } = networkPolicy.spec ?? {};
  if (policyTypes && policyTypes.length > 0) return policyTypes;
  return egress && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

/** True when the policy types say that the direction counts. */
export function isLive(networkPolicy: NetworkPolicy, direction: Direction): boolean {
  return typesOf(networkPolicy).includes(direction === "ingress" ? "Ingress" : "Egress");
}

function readPeer(peer: Peer, key: string): BlockPeer | PodPeer {
  if (peer.ipBlock) {
    const excepts = (peer.ipBlock.except ?? []).map((text) => unfold(readCIDR(text)));
    return {
      kind: "block",
      key,
      block: unfold(readCIDR(peer.ipBlock.cidr)),
      excepts: excepts.filter((except) => !except.longer),
    };
  }
  return {
    kind: peer.namespaceSelector ? "pods" : "own",
    key,
    namespaceSelector: peer.namespaceSelector,
    podSelector: peer.podSelector,
  };
}

function readRule(rule: (IngressRule & EgressRule) | null, direction: Direction, index: number) {
  const peers = (direction === "ingress" ? rule?.from : rule?.to) ?? [];
  const key = `${direction}[${index}]`;
  const entries = entriesOf(rule?.ports);
  return {
    direction,
    key,
    everyone: peers.length === 0,
    peers: peers.map((peer, position) => readPeer(peer, `${key}[${position}]`)),
    entries,
    numbered: entries.every((entry) => entry.lo !== undefined),
  };
}

const read = new WeakMap<NetworkPolicy, readonly Rule[]>();

/** The rules that let anything in or out: direction in the types, subject that can exist. */
export function effectiveRules(networkPolicy: NetworkPolicy): readonly Rule[] {
  const rules = read.get(networkPolicy) ?? readRules(networkPolicy);
  read.set(networkPolicy, rules);
  return rules;
}

function readRules(networkPolicy: NetworkPolicy): readonly Rule[] {
  if (!satisfiable(networkPolicy.spec?.podSelector)) return [];
  return directions
    .filter((direction) => isLive(networkPolicy, direction))
    .flatMap((direction) =>
      (networkPolicy.spec?.[direction] ?? []).map((rule, index) =>
        readRule(rule, direction, index),
      ),
    );
}

const unknown = new WeakMap<NetworkPolicy, boolean>();

/** True when the object speaks a newer API than v1 of the standard knows. */
export function isUnknown(networkPolicy: NetworkPolicy): boolean {
  const known = unknown.get(networkPolicy) ?? hasUnknown(networkPolicy);
  unknown.set(networkPolicy, known);
  return known;
}

function hasUnknown(networkPolicy: NetworkPolicy): boolean {
  const { podSelector, ingress, egress } = networkPolicy.spec ?? {};
  const peers = [
    ...(ingress ?? []).flatMap((rule) => rule?.from ?? []),
    ...(egress ?? []).flatMap((rule) => rule?.to ?? []),
  ];
  const selectors = [
    podSelector,
    ...peers.flatMap((peer) => [peer.podSelector, peer.namespaceSelector]),
  ];
  const operators = selectors.flatMap((selector) => partsOf(selector)).map((p) => p.operator);
  return (
    operators.some((o) => !["In", "NotIn", "Exists", "DoesNotExist"].includes(o)) ||
    typesOf(networkPolicy).some((type) => !["Ingress", "Egress"].includes(type))
  );
}
