import type { PodPeer, PolicyRule } from "../../netpol/model.ts";
import { isCarvedOut } from "../carveouts.ts";
import { describePorts, describeWitness } from "../describe.ts";
import { type Judged, type Rule, stepsPerFinding, type Violation } from "../rule.ts";
import { admitted, podPeersOf } from "../strangers.ts";
import { patchUnnamed } from "./patch.ts";

/** Refuses peers that a pod of a namespace nobody named satisfies without trying to. */
export const noUnnamedNamespaces: Rule = {
  id: "no-unnamed-namespaces",
  level: "baseline",
  rank: 2,
  summary: "A pod of a namespace that no policy names is admitted, without wearing any label.",
  parameters: ["dnsPorts", "publicListeners", "platformNamespaceLabelKeys", "platformPodLabelKeys"],
  judge: (judged) =>
    judged.rules
      .filter((rule) => !isCarvedOut(judged, rule))
      .flatMap((rule) => podPeersOf(rule).flatMap((peer) => judgePeer(judged, rule, peer))),
};

function judgePeer(judged: Judged, rule: PolicyRule, peer: PodPeer): readonly Violation[] {
  const found = admitted(judged, judged.strangers.passive, rule, peer);
  if (found === undefined || !judged.meter.spend(stepsPerFinding)) return [];
  const patch = patchUnnamed(judged, rule, peer);
  return [
    {
      path: `${peer.path}.namespaceSelector`,
      message: `namespaces that nobody named are selected, on ${describePorts(rule.ports)}`,
      why: "Every namespace that is created later matches too; NotIn, DoesNotExist and empty selectors match namespaces without the label.",
      fix: fix(peer),
      witness: describeWitness(rule.direction, found.pod, found.port),
      ...(patch && { patch }),
    },
  ];
}

function fix({ path }: PodPeer): string {
  return `Name the namespaces: ${path}.namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [NAMESPACE]}]}. For pods of this namespace alone leave the namespaceSelector out.`;
}
