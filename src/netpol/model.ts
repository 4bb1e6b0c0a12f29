import type { Block } from "./block.ts";
import type { PortSet } from "./ports.ts";
import { everything, type Selector } from "./selector.ts";

export type Direction = "ingress" | "egress";

/** Which policy it is, and whom it selects. */
export type PolicyHead = {
  readonly name: string;
  readonly namespace: string;
  readonly subject: Selector;
};

/** A NetworkPolicy as the API means it: nothing missing, null or defaulted is left. */
export type Model = PolicyHead & {
  /** The directions in which the policy isolates its subjects. */
  readonly isolates: { readonly [D in Direction]: boolean };
  readonly rules: readonly PolicyRule[];
};

/** One entry of `spec.ingress` or `spec.egress`. */
export type PolicyRule = {
  /** The policy that it belongs to; one object for all of its rules. */
  readonly policy: PolicyHead;
  readonly direction: Direction;
  readonly path: string;
  /** Undefined: no peers are named, so everyone is. */
  readonly peers: readonly Peer[] | undefined;
  readonly ports: PortSet;
  /** Ports are listed and every entry has a number. */
  readonly numbered: boolean;
};

export type Peer = PodPeer | AddressPeer;

/** Pods: of the policy's own namespace, or of every namespace that the selector matches. */
export type PodPeer = {
  readonly kind: "pods";
  readonly path: string;
  readonly namespaces: Selector | "own";
  readonly pods: Selector;
};

export type AddressPeer = {
  readonly kind: "addresses";
  readonly path: string;
  readonly block: Block;
};

/** A place that cannot be judged, and why. */
export type Problem = { readonly path: string; readonly message: string };

/** All pods, as the peer that a rule without peers stands for. */
export const everyone: PodPeer = {
  kind: "pods",
  path: "",
  namespaces: everything,
  pods: everything,
};
