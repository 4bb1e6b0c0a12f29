import type { AdmissionRequest } from "../api/admission.ts";
import { renderRefusal } from "../engine/message.ts";
import { type Advised, describeAdvice } from "./advice.ts";
import { boundAnnotations } from "./annotations.ts";
import type { ModeEvaluations } from "./modes.ts";
import type { FoundNamespacePolicy } from "./namespacelevels.ts";
import { allowed, denied } from "./responses.ts";
import { position, type Verdict } from "./verdict.ts";
import { describeViolations, isRefused, rulesOf, spellTarget } from "./violations.ts";
import { boundWarnings, maxWarningCharacters } from "./warnings.ts";

/** Turns what the three modes found, and what there is to say besides, into one answer. */
export function conclude(
  request: AdmissionRequest,
  { namespacePolicy, errors, error }: FoundNamespacePolicy,
  evaluations: ModeEvaluations,
  advised: Advised,
): Verdict {
  const { enforce, audit, warn, defect } = evaluations;
  const enforced = spellTarget(namespacePolicy.enforce);
  const annotations = boundAnnotations({
    "enforce-policy": enforced,
    "audit-violations": describeViolations(audit, namespacePolicy.audit).join("; "),
    "not-evaluated": [...new Set([...enforce.notes, ...audit.notes])].join("; "),
    "namespace-errors": errors.join("; "),
  });
  const wrong = error ?? defect ?? advised.defect;
  const advice = describeAdvice(advised.warned, maxWarningCharacters);
  const details = {
    because: "judged" as const,
    enforced,
    rules: { enforce: rulesOf(enforce), audit: rulesOf(audit), warn: rulesOf(warn) },
    ...(wrong !== undefined && { error: wrong }),
  };
  if (isRefused(enforce)) {
    // What the user must mend is in the message; findings again as warnings would only bury it.
    const extras = { annotations, warnings: boundWarnings([...errors, ...advice]) };
    const refused = { ...position(request), ...namespacePolicy.enforce };
    return { response: denied(request.uid, renderRefusal(refused, enforce), extras), ...details };
  }
  const warnings = boundWarnings([
    ...errors,
    ...describeViolations(warn, namespacePolicy.warn, maxWarningCharacters),
    ...advice,
    ...enforce.notes,
    ...warn.notes,
  ]);
  return { response: allowed(request.uid, { annotations, warnings }), ...details };
}
