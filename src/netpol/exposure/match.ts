import {
  addBits,
  type Bits,
  bitsBetween,
  dropBits,
  eachBit,
  keepBits,
  noBits,
  addBit,
} from "./bits.ts";
import { indexAddresses } from "./blockindex.ts";
import type { PodGroup } from "./class.ts";
import { indexLabels } from "./labelindex.ts";
import type { Peer, Policy, Rule } from "./policy.ts";

/** A NetworkPolicy, with the groups of pods that it selects. */
export type MatchedPolicy = {
  readonly policy: Policy;
  /** By position. */
  readonly subjects: readonly number[];
  /** The rules of the directions that it isolates; others have no effect. */
  readonly rules: readonly MatchedRule[];
};

/** A rule, with the groups of pods that it admits. */
export type MatchedRule = {
  readonly rule: Rule;
  /** The groups that the rule's policy selects, by position. */
  readonly subjects: readonly number[];
  /** Peers that the API itself admits. */
  readonly certain: Bits;
  /** Peers that only some network plugins admit: pods that an address block holds. */
  readonly perhaps: Bits;
};

/** Finds out which groups of pods each policy and each of its peers selects. */
export function matchPolicies(
  groups: readonly PodGroup[],
  policies: readonly Policy[],
): readonly MatchedPolicy[] {
  const size = groups.length;
  const nobody = noBits(size);
  const everybody = bitsBetween(size, 0, size);
  const byPodLabels = indexLabels(groups.map(({ labels }) => labels));
  const byNamespaceLabels = indexLabels(groups.map(({ namespaceLabels }) => namespaceLabels));
  const byAddress = indexAddresses(groups);
  const ofNamespace = namespaceBits(groups);
  const onHost = noBits(size);
  for (const [at, { hostNetwork }] of groups.entries()) if (hostNetwork) addBit(onHost, at);

  function select(namespace: string, peer: Peer): Bits {
    if (peer.kind === "addresses") return byAddress.select(peer);
    const selected = byPodLabels.select(peer.pods);
    const within =
      peer.namespaces === "own"
        ? ofNamespace.get(namespace)
        : byNamespaceLabels.select(peer.namespaces);
    keepBits(selected, within ?? nobody);
    // Whether a selector sees pods on the host's network is up to the network plugin.
    dropBits(selected, onHost);
    return selected;
  }

  function matchRule(rule: Rule, subjects: readonly number[]): MatchedRule {
    const { peers, policy } = rule;
    if (peers === undefined) return { rule, subjects, certain: everybody, perhaps: nobody };
    const certain = noBits(size);
    const perhaps = noBits(size);
    for (const peer of peers) {
      addBits(peer.kind === "pods" ? certain : perhaps, select(policy.namespace, peer));
    }
    return { rule, subjects, certain, perhaps };
  }

  return policies.map((policy) => {
    const selected = byPodLabels.select(policy.model.subject);
    keepBits(selected, ofNamespace.get(policy.ref.namespace) ?? nobody);
    const subjects: number[] = [];
    eachBit(selected, (at) => subjects.push(at));
    const live = policy.rules.filter(({ direction }) => policy.model.isolates[direction]);
    return { policy, subjects, rules: live.map((rule) => matchRule(rule, subjects)) };
  });
}

function namespaceBits(groups: readonly PodGroup[]): ReadonlyMap<string, Bits> {
  const found = new Map<string, Bits>();
  for (const [at, { namespace }] of groups.entries()) {
    const bits = found.get(namespace) ?? noBits(groups.length);
    found.set(namespace, bits);
    addBit(bits, at);
  }
  return found;
}
