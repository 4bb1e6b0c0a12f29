import type { NamespaceGetter, NetworkPolicyLister } from "../../src/admission/ports.ts";
import { createStaticExemption } from "../../src/admission/exempt.ts";
import { createValidate } from "../../src/admission/validate.ts";
import type { AdmissionRequest } from "../../src/api/admission.ts";
import type { Labels } from "../../src/api/meta.ts";
import type { Adviser } from "../../src/engine/advise.ts";
import type { Evaluator, Judgement } from "../../src/engine/evaluator.ts";
import type { Evaluation, Finding } from "../../src/engine/finding.ts";
import { renderRefusal } from "../../src/engine/message.ts";
import type { NamespacePolicy } from "../../src/engine/namespacepolicy.ts";
import { answer, countingClock, keepDecisions, namespacesOf } from "./reviewports.ts";

export const anyone: Finding = {
  rule: "no-anyone",
  level: "baseline",
  path: "spec.ingress[0]",
  message: "the rule admits everyone",
  why: "Nobody is kept out.",
  fix: "Name the peers.",
};
export const wide: Finding = {
  rule: "require-ports",
  level: "restricted",
  path: "spec.ingress[0].ports",
  message: "all ports are open",
  why: "More is open than is used.",
  fix: "List the ports.",
};

/** What the engine says of one policy, by level. */
export type Verdicts = { readonly baseline?: Evaluation; readonly restricted?: Evaluation };

const clean: Evaluation = { findings: [], notes: [] };
export const bad: Verdicts = {
  baseline: { findings: [anyone], notes: [] },
  restricted: { findings: [anyone, wide], notes: [] },
};

const defaults: NamespacePolicy = {
  enforce: { level: "baseline", version: "v1" },
  audit: { level: "restricted", version: "v1" },
  warn: { level: "restricted", version: "v1" },
};

/** The validate webhook in namespace `shop` over an engine that says what the test wants. */
export function validate(options: {
  readonly labels?: Labels;
  readonly namespaces?: NamespaceGetter;
  readonly networkPolicies?: NetworkPolicyLister;
  /** A real engine in place of `verdicts`. */
  readonly evaluate?: Evaluator;
  readonly verdicts?: Verdicts;
  /** What is new in an update. */
  readonly added?: Evaluation;
  readonly defect?: (how: Judgement) => boolean;
  readonly advise?: Adviser;
}) {
  const recorder = keepDecisions();
  const judged: string[] = [];
  const { labels = {}, namespaces = namespacesOf({ shop: labels }), verdicts = {} } = options;
  const handler = createValidate({
    namespaces,
    networkPolicies: options.networkPolicies ?? { list: async () => [] },
    defaults,
    evaluate(networkPolicy, how) {
      judged.push(`whole ${how.namespace} ${how.level}:${how.version}`);
      if (options.defect?.(how)) throw new Error("a rule is broken");
      if (options.evaluate) return options.evaluate(networkPolicy, how);
      return (how.level === "privileged" ? undefined : verdicts[how.level]) ?? clean;
    },
    evaluateUpdate(before, after, how) {
      judged.push(`update ${before.metadata?.name} ${after.metadata?.name} ${how.level}`);
      return options.added ?? clean;
    },
    advise: options.advise ?? (() => []),
    exempt: createStaticExemption({ namespaces: ["legacy"], users: ["bot"], groups: ["sre"] }),
    recorder,
    clock: countingClock(),
  });
  return {
    judged,
    decisions: recorder.decisions,
    answer: (request: AdmissionRequest, signal?: AbortSignal) =>
      answer("validate", handler, request, signal),
  };
}

/** The status of a refusal by enforce. */
export const refusedAs = (
  level: "baseline" | "restricted",
  version: string,
  evaluation: Evaluation,
) => ({
  code: 403,
  reason: "Forbidden",
  message: renderRefusal({ namespace: "shop", name: "web", level, version }, evaluation),
});
