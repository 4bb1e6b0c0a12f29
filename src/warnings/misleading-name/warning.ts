import type { Direction } from "../../netpol/model.ts";
import { type Claim, claimsOf } from "../claim.ts";
import { lacksEgressType, openDespite } from "../closed.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";

/** Warns of policies that do not isolate what their names say. */
export const misleadingName: Warning = {
  id: "misleading-name",
  summary: "A name or a description says that traffic is denied, and the policy leaves it open.",
  inspect,
};

function inspect(inspected: Inspected): readonly Advice[] {
  // A policy that selects nothing has a warning of its own.
  if (!inspected.policy.subject.possible) return [];
  return claimsOf(inspected.written).flatMap((claim) => {
    const open = openDespite(inspected, claim);
    // So has a policy whose only mistake are its types.
    if (open.length === 0 || (open.join() === "egress" && lacksEgressType(inspected))) return [];
    return [advice(inspected, claim, open)];
  });
}

function advice({ policy }: Inspected, claim: Claim, open: readonly Direction[]): Advice {
  const reasons = open.map((direction) =>
    policy.isolates[direction]
      ? `a rule lets everyone through again for ${direction}`
      : `${direction} is not isolated`,
  );
  return {
    path: claim.path,
    message: `${JSON.stringify(claim.text.slice(0, 60))} says that traffic is denied, but ${reasons.join(" and ")}`,
    fix: `Make the policy do what it says: ${open.map(repair).join(" and ")}. Or rename it.`,
  };

  function repair(direction: Direction): string {
    if (policy.isolates[direction]) return `remove the ${direction} rule without peers`;
    return `add ${direction === "ingress" ? "Ingress" : "Egress"} to spec.policyTypes`;
  }
}
