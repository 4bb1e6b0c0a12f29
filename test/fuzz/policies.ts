import type { Labels } from "../../src/api/meta.ts";
import type {
  EgressRule,
  IngressRule,
  NetworkPolicy,
  Peer,
  Port,
} from "../../src/api/networkpolicy.ts";
import type { LevelParameters } from "../../src/rules/parameters.ts";
import { ipBlock } from "./blocks.ts";
import { levelParameters } from "./parameters.ts";
import { portList } from "./portlists.ts";
import { type Random, times } from "./random.ts";
import { dnsEgress, internetEgress, internetIngress } from "./scenarios.ts";
import {
  complement,
  namespacePool,
  ownNamespace,
  podPool,
  selector,
  subjectPool,
} from "./selectors.ts";

export type Case = {
  readonly namespace: string;
  readonly networkPolicy: NetworkPolicy;
  /** The other networkPolicies of the namespace. */
  readonly neighbours: readonly NetworkPolicy[];
  readonly parameters: LevelParameters;
};

function peer(random: Random): Peer {
  const kind = random.below(100);
  if (kind < 50) {
    const block = { ipBlock: ipBlock(random) };
    return random.chance(3) ? { ...block, podSelector: null, namespaceSelector: null } : block;
  }
  if (kind < 58) {
    const own = { podSelector: selector(random, podPool, 40) };
    return random.chance(10) ? { ...own, namespaceSelector: null } : own;
  }
  const outside = { namespaceSelector: selector(random, namespacePool) };
  if (kind < 78) return random.chance(10) ? { ...outside, podSelector: null } : outside;
  return { ...outside, podSelector: selector(random, podPool) };
}

function peers(random: Random): readonly Peer[] {
  const some = times(random.pick([1, 1, 1, 1, 2, 2, 3, 5]), () => peer(random));
  const [first] = some;
  if (!first?.namespaceSelector || !random.chance(12)) return some;
  return [...some, { ...first, namespaceSelector: complement(first.namespaceSelector) }];
}

type Sides = { readonly peers?: readonly Peer[] | null; readonly ports?: readonly Port[] | null };

function sides(random: Random): Sides {
  if (random.chance(10)) {
    const none = random.pick([{}, { peers: null }, { peers: [] }]);
    return { ...none, ...portList(random) };
  }
  return { peers: peers(random), ...portList(random) };
}

function rules(random: Random, count: number): readonly (Sides | null)[] {
  return times(count, () => (random.chance(2) ? null : sides(random)));
}

function ingressOf(rule: Sides | null): IngressRule | null {
  if (!rule) return null;
  const { peers: from, ...ports } = rule;
  return from === undefined ? ports : { from, ...ports };
}

function egressOf(rule: Sides | null): EgressRule | null {
  if (!rule) return null;
  const { peers: to, ...ports } = rule;
  return to === undefined ? ports : { to, ...ports };
}

const annotations: readonly Labels[] = [
  { "ovn.kubernetes.io/network_policy_enforcement": "lax" },
  { "ovn.kubernetes.io/network_policy_enforcement": "standard" },
  { "ovn.kubernetes.io/network_policy_for": "default/attach, ovn" },
  { "ovn.kubernetes.io/network_policy_for": "default/attach" },
  { "ovn.kubernetes.io/network_policy_for": " OVN ,x" },
  { "ovn.kubernetes.io/network_policy_for": "none" },
  { "ovn.kubernetes.io/network_policy_for": "  " },
  { "k8s.ovn.org/acl-stateless": "true", constructor: "x" },
  { "k8s.ovn.org/acl-stateless": "True" },
];

function metadata(random: Random): NetworkPolicy["metadata"] {
  const plain = { name: "np", namespace: ownNamespace };
  return random.chance(4) ? { ...plain, annotations: random.pick(annotations) } : plain;
}

const types: readonly (readonly string[])[] = [
  ["Ingress"],
  ["Egress"],
  ["Ingress", "Egress"],
  ["Ingress", "Egress"],
  ["Egress", "Ingress"],
];

function policyTypes(random: Random): { policyTypes?: readonly string[] | null } {
  if (random.chance(45)) return {};
  if (random.chance(1)) return { policyTypes: ["Ingress", "Sideways"] };
  return { policyTypes: random.chance(12) ? random.pick([null, []]) : random.pick(types) };
}

function subject(random: Random) {
  if (random.chance(10)) return random.chance(50) ? {} : { podSelector: null };
  return { podSelector: selector(random, subjectPool, 30) };
}

function ruleList(random: Random, count: number): readonly (Sides | null)[] | null | undefined {
  return count === 0 ? random.pick([undefined, undefined, null, []]) : rules(random, count);
}

/** A networkPolicy over the small universe that likes the shapes where readers go wrong. */
export function networkPolicy(random: Random): NetworkPolicy {
  if (random.chance(16)) {
    return random.pick([internetEgress, internetEgress, internetIngress, dnsEgress])(random);
  }
  const count = random.pick([0, 1, 1, 1, 1, 2, 2, 3]);
  const ingressCount = random.chance(40) ? count : random.below(count + 1);
  const ingress = ruleList(random, random.chance(35) ? 0 : ingressCount);
  const egress = ruleList(random, count - (ingress ? ingress.length : 0));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadata(random) ?? null,
    spec: {
      ...subject(random),
      ...policyTypes(random),
      ...(ingress !== undefined && { ingress: ingress && ingress.map(ingressOf) }),
      ...(egress !== undefined && { egress: egress && egress.map(egressOf) }),
    },
  };
}

/** A networkPolicy of namespace `shop`, with the parameters to judge it by. */
export function createCase(random: Random): Case {
  return {
    namespace: ownNamespace,
    networkPolicy: networkPolicy(random),
    neighbours: [],
    parameters: levelParameters(random),
  };
}
