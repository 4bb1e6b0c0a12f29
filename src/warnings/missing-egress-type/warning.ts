import type { NetworkPolicy } from "../../api/networkpolicy.ts";
import { lookup } from "../../api/meta.ts";
import { isFields } from "../../netpol/wire.ts";
import { claimsOf } from "../claim.ts";
import { isOpen, lacksEgressType, openDespite } from "../closed.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const maxCharacters = 65_536;

/** Warns where egress was surely meant to be isolated, and is not. */
export const missingEgressType: Warning = {
  id: "missing-egress-type",
  summary: "Without policyTypes a policy isolates egress only when it has egress rules.",
  inspect,
};

function inspect(inspected: Inspected): readonly Advice[] {
  if (!lacksEgressType(inspected) || !isOpen(inspected, "egress")) return [];
  if (isEgressWritten(inspected.written)) {
    return [
      {
        path: "spec.policyTypes",
        message:
          "an empty list of egress rules is written, but Egress is not among the types: the pods may still reach everything",
        fix: "Write policyTypes: [Ingress, Egress], and allow DNS. If egress is meant to stay open, remove egress.",
      },
    ];
  }
  const claim = claimsOf(inspected.written).find(
    (one) => openDespite(inspected, one).join() === "egress",
  );
  if (claim === undefined) return [];
  const types = claim.directions?.includes("ingress") ? "[Ingress, Egress]" : "[Egress]";
  return [
    {
      path: "spec.policyTypes",
      message: `${JSON.stringify(claim.text.slice(0, 60))} says that egress is denied, but Egress is not among the types: the pods may still reach everything`,
      fix: `Write policyTypes: ${types}, and allow DNS. If egress is meant to stay open, say ingress in ${claim.path}.`,
    },
  ];
}

/**
 * Whether its author wrote a list of egress rules that is empty. The API server drops it before
 * anybody sees it, so what kubectl remembers is looked at, too.
 */
function isEgressWritten({ spec, metadata }: NetworkPolicy): boolean {
  if (isEmptyEgress(spec)) return true;
  const text: unknown = lookup(metadata?.annotations, lastApplied);
  if (typeof text !== "string" || text.length > maxCharacters) return false;
  if (!text.includes('"egress":[]') && !text.includes('"egress":null')) return false;
  const applied = parse(text);
  return isFields(applied) && isEmptyEgress(applied["spec"]);
}

/** `egress:` without anything means something only where no types are written. */
function isEmptyEgress(spec: unknown): boolean {
  if (!isFields(spec) || !Object.hasOwn(spec, "egress")) return false;
  const { egress, policyTypes } = spec;
  if (Array.isArray(egress)) return egress.length === 0;
  return egress === null && !(Array.isArray(policyTypes) && policyTypes.length > 0);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
