import { lookup } from "../../api/meta.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";

const key = "ovn.kubernetes.io/network_policy_for";

/** Warns of policies that Kube-OVN applies to secondary networks alone. */
export const secondaryNetworksOnly: Warning = {
  id: "secondary-networks-only",
  summary: "An annotation leaves the primary network, which most traffic uses, unprotected.",
  inspect,
};

function inspect({ written }: Inspected): readonly Advice[] {
  const value: unknown = lookup(written.metadata?.annotations, key);
  if (typeof value !== "string") return [];
  const networks = value.split(",").map((entry) => entry.trim());
  // Without any provider the annotation is refused by a rule.
  if (!networks.some(isProvider) || networks.some(isPrimary)) return [];
  return [
    {
      path: `metadata.annotations[${JSON.stringify(key)}]`,
      message: `${JSON.stringify(value.slice(0, 60))} names secondary networks only: Kube-OVN does not isolate the pods on the primary one`,
      fix: `Add the primary network, as in ${JSON.stringify(`ovn,${value.slice(0, 60)}`)}, or remove the annotation.`,
    },
  ];
}

function isPrimary(network: string): boolean {
  return network.toLowerCase() === "ovn";
}

/** A secondary network by its provider, `subnet/namespace`. */
function isProvider(network: string): boolean {
  const parts = network.split("/");
  return parts.length === 2 && !parts.includes("");
}
