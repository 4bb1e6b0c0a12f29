import type { EgressRule, IngressRule, NetworkPolicy, Peer } from "../../src/api/networkpolicy.ts";
import { blockOf, hasHostBits, isMapped, readCIDR } from "../oracle/address.ts";
import { spell } from "./spell.ts";

type Change = (peers: readonly Peer[]) => readonly (readonly Peer[])[];

/** The policy with each rule's peers written as `change` says: a list of peers for each new rule. */
function rewrite(networkPolicy: NetworkPolicy, change: Change): NetworkPolicy {
  const { ingress, egress, ...rest } = networkPolicy.spec ?? {};
  const from = (rule: IngressRule | null): readonly (IngressRule | null)[] => {
    if (!rule?.from?.length) return [rule];
    const ports = rule.ports === undefined ? {} : { ports: rule.ports };
    return change(rule.from).map((peers) => Object.assign({ from: peers }, ports));
  };
  const to = (rule: EgressRule | null): readonly (EgressRule | null)[] => {
    if (!rule?.to?.length) return [rule];
    const ports = rule.ports === undefined ? {} : { ports: rule.ports };
    return change(rule.to).map((peers) => Object.assign({ to: peers }, ports));
  };
  return {
    ...networkPolicy,
    spec: {
      ...rest,
      ...(ingress && { ingress: ingress.flatMap(from) }),
      ...(egress && { egress: egress.flatMap(to) }),
    },
  };
}

/** The same networkPolicy with a rule of its own for each peer. */
export function splitRules(networkPolicy: NetworkPolicy): NetworkPolicy {
  return rewrite(networkPolicy, (peers) => peers.map((peer) => [peer]));
}

function halves(peer: Peer): readonly Peer[] {
  const { ipBlock } = peer;
  if (!ipBlock || (ipBlock.except ?? []).length > 0) return [peer];
  const written = readCIDR(ipBlock.cidr);
  const { family, address, prefix } = written;
  const folds = family === 6 && (isMapped(written) || address >> 112n === 0x2002n);
  const odd = folds || hasHostBits(written) || written.leadingZero;
  if (prefix === 0 || prefix >= 32 || odd) return [peer];
  const { lo, hi } = blockOf(family, address, prefix + 1);
  const lower = { family, address: lo, prefix: prefix + 1 };
  return [lower, { ...lower, address: hi + 1n }].map((half) => ({
    ipBlock: { cidr: spell(half) },
  }));
}

/** The same networkPolicy with blocks without excepts written as their two halves. */
export function splitBlocks(networkPolicy: NetworkPolicy): NetworkPolicy {
  return rewrite(networkPolicy, (peers) => [peers.flatMap(halves)]);
}
