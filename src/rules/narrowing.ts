import type { JsonPatch, Operation } from "../api/jsonpatch.ts";
import { pointer } from "../api/jsonpatch.ts";
import { namespaceNameLabel } from "../api/names.ts";
import type { NetworkPolicy, Peer } from "../api/networkpolicy.ts";
import { allows, anything } from "../netpol/domain.ts";
import type { PodPeer, PolicyRule } from "../netpol/model.ts";
import { pointerTo, segmentsOf } from "./describe.ts";
import type { Judged } from "./rule.ts";

const dnsNamespace = "kube-system";
const dnsSelector = { matchLabels: { "k8s-app": "kube-dns" } };

/** The DNS pods of most clusters. */
export const dnsPods = {
  namespaceSelector: { matchLabels: { [namespaceNameLabel]: dnsNamespace } },
  podSelector: dnsSelector,
};

/** All pods of the policy's own namespace: as a peer the least that is certainly no stranger. */
export const ownPods = { podSelector: {} };

/** Lists the peers of a rule that had none. */
export function listPeers(
  { written }: Judged,
  rule: PolicyRule,
  peers: readonly Peer[],
): JsonPatch {
  const field = rule.direction === "ingress" ? "from" : "to";
  const isNull = written.spec?.[rule.direction]?.[Number(segmentsOf(rule.path).at(-1))] === null;
  // A rule that is null has no fields to add to.
  if (isNull) return [{ op: "replace", path: pointerTo(rule.path), value: { [field]: peers } }];
  return [{ op: "add", path: pointerTo(rule.path, field), value: peers }];
}

/** Keeps of a peer the pods of the own namespace; undefined where it selects none of them. */
export function toOwnNamespace({ policy, written }: Judged, peer: PodPeer): JsonPatch | undefined {
  if (peer.namespaces === "own") return undefined;
  if (peer.namespaces.keys.size > 0) return requireName(written, peer, policy.namespace);
  const path = pointerTo(peer.path);
  const remove: Operation = { op: "remove", path: `${path}/namespaceSelector` };
  const isBare = !writtenPeer(written, peer)?.podSelector;
  return isBare ? [remove, { op: "add", path: `${path}/podSelector`, value: {} }] : [remove];
}

/** Keeps of a peer that selects whatever pods the DNS pods; undefined where it cannot mean them. */
export function toDNS({ written }: Judged, peer: PodPeer): JsonPatch | undefined {
  const named = peer.pods.keys.size === 0 && requireName(written, peer, dnsNamespace);
  if (!named) return undefined;
  const path = pointerTo(peer.path, "podSelector");
  return [...named, { op: "add", path, value: dnsSelector }];
}

/** Demands the name of the namespace beside whatever else the selector demands. */
function requireName(written: NetworkPolicy, peer: PodPeer, name: string): JsonPatch | undefined {
  if (peer.namespaces === "own") return undefined;
  if (!allows(peer.namespaces.keys.get(namespaceNameLabel) ?? anything, name)) return undefined;
  const path = pointerTo(peer.path, "namespaceSelector", "matchLabels");
  if (!writtenPeer(written, peer)?.namespaceSelector?.matchLabels)
    return [{ op: "add", path, value: { [namespaceNameLabel]: name } }];
  return [{ op: "add", path: `${path}${pointer(namespaceNameLabel)}`, value: name }];
}

/** The peer as it stands on the wire. */
function writtenPeer({ spec }: NetworkPolicy, { path }: PodPeer): Peer | undefined {
  const [, direction, rule, , peer] = segmentsOf(path);
  const peers =
    direction === "ingress"
      ? spec?.ingress?.[Number(rule)]?.from
      : spec?.egress?.[Number(rule)]?.to;
  return peers?.[Number(peer)];
}
