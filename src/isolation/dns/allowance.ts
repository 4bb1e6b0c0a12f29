import type { EgressRule } from "../../api/networkpolicy.ts";
import type { Finding } from "./discovery.ts";
import type { CompanionEvent } from "./ports.ts";
import type { Judge } from "./verdict.ts";

/** What is to become of the companions of isolated namespaces. */
export type Allowance =
  /** Each namespace has one, with these rules. */
  | { readonly kind: "allow"; readonly egress: readonly EgressRule[] }
  /** Those that are there allow nothing more; none is created. */
  | { readonly kind: "withdraw" }
  /** Nothing is written: there is nothing to write that we could stand for. */
  | { readonly kind: "leave" };

export type Decision = {
  readonly allowance: Allowance;
  /** What to tell, once. */
  readonly event?: CompanionEvent;
};

/** Decides by the setting, by what was found, and by what our own rules say about it. */
export function decideAllowance(
  allowDNS: "auto" | "disabled",
  finding: Finding,
  judge: Judge,
): Decision {
  if (allowDNS === "disabled") return { allowance: { kind: "withdraw" } };
  if (finding.kind === "unknown") return { allowance: { kind: "leave" } };
  const { problems } = finding;
  if (finding.kind === "none") {
    return { allowance: { kind: "leave" }, event: { kind: "dns-not-found", problems } };
  }
  const { egress } = finding;
  const refusals = judge(egress);
  if (refusals.length > 0) {
    return { allowance: { kind: "leave" }, event: { kind: "dns-refused", egress, refusals } };
  }
  return { allowance: { kind: "allow", egress }, event: { kind: "dns-found", egress, problems } };
}
