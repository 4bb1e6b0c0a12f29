import { everyAddress } from "../../netpol/before.ts";
import { findNewAddress } from "../../netpol/growth.ts";
import { everyone, type PolicyRule } from "../../netpol/model.ts";
import { podsOutside } from "../../netpol/population.ts";
import { isCarvedOut, isDNS } from "../carveouts.ts";
import { describePorts, describeWitness } from "../describe.ts";
import { dnsPods } from "../narrowing.ts";
import { type Judged, type Rule, stepsPerFinding, type Violation } from "../rule.ts";
import { admitted } from "../strangers.ts";
import { patchAnyone } from "./patch.ts";

/** Refuses rules without peers: they are open to every pod, node and address. */
export const noAnyone: Rule = {
  id: "no-anyone",
  level: "baseline",
  rank: 1,
  summary: "A rule without peers admits everyone.",
  parameters: ["dnsPorts", "publicListeners"],
  judge: (judged) =>
    judged.rules
      .filter((rule) => rule.peers === undefined && !isCarvedOut(judged, rule))
      .flatMap((rule) => judgeRule(judged, rule)),
};

function judgeRule(judged: Judged, rule: PolicyRule): readonly Violation[] {
  const witness = findWitness(judged, rule);
  if (witness === undefined || !judged.meter.spend(stepsPerFinding)) return [];
  const isIngress = rule.direction === "ingress";
  const verb = isIngress ? "everyone gets in" : "everything can be reached";
  return [
    {
      path: rule.path,
      message: `no peers are listed, so ${verb} on ${describePorts(rule.ports)}`,
      why: "An empty list of peers is a wildcard: all pods of all namespaces, all nodes, all IPv4 and IPv6 addresses.",
      fix: isIngress ? fixIngress(rule) : fixEgress(judged, rule),
      witness,
      patch: patchAnyone(judged, rule),
    },
  ];
}

/** Pods outside the namespace and addresses: one that was not admitted before is enough. */
function findWitness(judged: Judged, rule: PolicyRule): string | undefined {
  const { direction } = rule;
  for (const population of [judged.strangers.active, podsOutside(judged.policy.namespace)]) {
    const pod = admitted(judged, population, rule, everyone);
    if (pod !== undefined) return describeWitness(direction, pod.pod, pod.port);
  }
  for (const family of [4, 6] as const) {
    const before = judged.before[direction];
    const found = findNewAddress(family, everyAddress(family), rule.ports, before, judged.meter);
    if (found !== undefined) return describeWitness(direction, found.address, found.port);
  }
  return undefined;
}

const named =
  "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}, podSelector: {matchLabels: {app: NAME}}}";

function fixIngress(rule: PolicyRule): string {
  return `Add the peers that are meant: ${rule.path}.from: [${named}], or from: [{podSelector: {}}] for pods of this namespace. If it is meant to be public, ask the platform team to list it in publicListeners.`;
}

function fixEgress({ standard }: Judged, rule: PolicyRule): string {
  if (isDNS(standard, rule))
    return `Name the DNS pods: ${rule.path}.to: [${JSON.stringify(dnsPods)}]`;
  return `Add the peers that are meant: ${rule.path}.to: [${named}], or to: [{ipBlock: {cidr: ADDRESSES}}], or to: [{podSelector: {}}] for pods of this namespace.`;
}
