import type { Direction } from "../netpol/model.ts";
import { isWhole, protocols } from "../netpol/ports.ts";
import { covers } from "../netpol/selector.ts";
import type { Claim } from "./claim.ts";
import type { Inspected } from "./warning.ts";

const directions = ["ingress", "egress"] as const;

/** The directions that a text claims to be denied and that stay open. */
export function openDespite(inspected: Inspected, claim: Claim): readonly Direction[] {
  const open = directions.filter((direction) => isOpen(inspected, direction));
  if (claim.directions === undefined) {
    // One that is closed is enough; else it is the policy's own that should be.
    const own = open.filter((direction) => inspected.policy.isolates[direction]);
    return open.length === directions.length ? own : [];
  }
  return open.filter((direction) => claim.directions?.includes(direction));
}

/** True where nothing holds traffic back: not isolated by anybody, or open to everyone again. */
export function isOpen({ policy, rules, neighbours }: Inspected, direction: Direction): boolean {
  if (!policy.isolates[direction]) {
    const isElsewhere = neighbours?.some(
      ({ isolates, subject }) => isolates[direction] && covers(subject, policy.subject),
    );
    return isElsewhere !== true;
  }
  return rules.some(
    (rule) =>
      rule.direction === direction &&
      rule.peers === undefined &&
      protocols.every((protocol) => isWhole(rule.ports[protocol])),
  );
}

/** True where the types of a policy are Ingress alone, and no rule says more about egress. */
export function lacksEgressType({ policy }: Inspected): boolean {
  return (
    policy.subject.possible &&
    policy.isolates.ingress &&
    !policy.isolates.egress &&
    !policy.rules.some(({ direction }) => direction === "egress")
  );
}
