import type { PolicyRule } from "../../netpol/model.ts";
import { unite } from "../../netpol/ports.ts";
import { overlaps } from "../../netpol/spans.ts";
import { describePorts } from "../../rules/describe.ts";
import type { Standard } from "../../rules/standard.ts";
import { isDNSName } from "../dnsname.ts";
import { hasEffect } from "../effect.ts";
import { rulesTogether } from "../neighbours.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";

/** Tells of egress that is limited to what needs names, without a way to look one up. */
export const noDnsPath: Warning = {
  id: "no-dns-path",
  summary: "Egress is limited and no rule lets DNS through: pods cannot look up names.",
  inspect,
};

function inspect(inspected: Inspected): readonly Advice[] {
  const { rules, standard } = inspected;
  const own = rules.filter((rule) => rule.direction === "egress" && hasEffect(rule));
  // A policy that lets nothing out is a deny-all: others open what is needed.
  if (own.length === 0) return [];
  if (own.some((rule) => letsDNS(standard, rule))) return [];
  if (rulesTogether(inspected, "egress").some((rule) => letsDNS(standard, rule))) return [];
  const who =
    inspected.neighbours === undefined ? "rule in this policy" : "known policy for these pods";
  const ports = describePorts(unite(own.map((rule) => rule.ports)));
  return [
    {
      path: "spec.egress",
      message: `egress is limited to ${ports}, and no ${who} lets DNS (port ${standard.parameters.dnsPorts.join(" or ")}) through: the pods cannot look up names`,
      fix: "Allow UDP 53 and TCP 53 to the DNS pods, in this policy or in one for the whole namespace: to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}].",
    },
  ];
}

function letsDNS({ dnsPorts }: Standard, rule: PolicyRule): boolean {
  if (!hasEffect(rule)) return false;
  return (["TCP", "UDP"] as const).some((protocol) => {
    const { numbers, names } = rule.ports[protocol];
    return overlaps(numbers, dnsPorts) || [...names].some(isDNSName);
  });
}
