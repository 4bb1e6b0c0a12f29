import { allows, type Domain, isListed } from "../../netpol/domain.ts";
import type { PodPeer, PolicyRule } from "../../netpol/model.ts";
import { isDNS, isPublicListener } from "../carveouts.ts";
import { describePorts, describeWitness, listSome } from "../describe.ts";
import { type Judged, type Rule, stepsPerFinding, type Violation } from "../rule.ts";
import type { Standard } from "../standard.ts";
import { admitted, podPeersOf } from "../strangers.ts";
import { patchForgeable } from "./patch.ts";

/** Refuses peers that a stranger satisfies by putting on the right labels. */
export const noForgeableSelectors: Rule = {
  id: "no-forgeable-selectors",
  level: "restricted",
  rank: 7,
  summary: "A pod of a namespace that no policy names is admitted once it wears the right labels.",
  parameters: ["trustedNamespaceLabelKeys", "dnsPodLabels", "dnsPorts", "publicListeners"],
  judge: (judged) =>
    judged.rules
      .filter((rule) => !isPublicListener(judged, rule))
      .flatMap((rule) => podPeersOf(rule).flatMap((peer) => judgePeer(judged, rule, peer))),
};

function judgePeer(judged: Judged, rule: PolicyRule, peer: PodPeer): readonly Violation[] {
  const { standard, strangers } = judged;
  if (isDNS(standard, rule) && selectsDNSPods(standard, peer)) return [];
  // One mistake, one finding: who needs no label at all is reported by no-unnamed-namespaces.
  if (admitted(judged, strangers.passive, rule, peer) !== undefined) return [];
  const found = admitted(judged, strangers.active, rule, peer);
  if (found === undefined || !judged.meter.spend(stepsPerFinding)) return [];
  const patch = patchForgeable(judged, rule, peer);
  return [
    {
      path: `${peer.path}.namespaceSelector`,
      message: `${relyingOn(peer)} on ${describePorts(rule.ports)}`,
      why: "Whoever may label a namespace or create pods can wear these labels; only kubernetes.io/metadata.name is set by the API server.",
      fix: `Add the namespace's name: ${peer.path}.namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}; labels that only trusted people can set belong in trustedNamespaceLabelKeys.`,
      witness: describeWitness(rule.direction, found.pod, found.port),
      ...(patch && { patch }),
    },
  ];
}

function relyingOn({ namespaces, pods }: PodPeer): string {
  const ofNamespaces =
    namespaces === "own" ? [] : needed(namespaces.keys).map((key) => `namespace label ${key}`);
  const labels = [...ofNamespaces, ...needed(pods.keys).map((key) => `pod label ${key}`)];
  return labels.length === 0
    ? "any namespace is selected"
    : `peers are told apart only by labels that anybody can wear (${listSome(labels)})`;
}

function needed(keys: ReadonlyMap<string, Domain>): readonly string[] {
  return [...keys].flatMap(([key, domain]) => (allows(domain, undefined) ? [] : [key]));
}

/** True when one of the known labels of DNS pods is required, with listed values only. */
function selectsDNSPods({ dnsPodLabels }: Standard, { pods }: PodPeer): boolean {
  return [...dnsPodLabels].some(([key, listed]) => {
    const domain = pods.keys.get(key);
    if (domain === undefined || !isListed(domain)) return false;
    return domain.values.every((value) => listed.has(value));
  });
}
