import { createStaticExemption } from "../../src/admission/exempt.ts";
import type { Clock, NetworkPolicyLister } from "../../src/admission/ports.ts";
import { createPreview } from "../../src/admission/preview.ts";
import type { AdmissionRequest } from "../../src/api/admission.ts";
import type { Labels } from "../../src/api/meta.ts";
import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Evaluator } from "../../src/engine/evaluator.ts";
import type { Evaluation } from "../../src/engine/finding.ts";
import type { NamespacePolicy } from "../../src/engine/namespacepolicy.ts";
import { namespaceRequest } from "./review.ts";
import { answer, countingClock, keepDecisions } from "./reviewports.ts";
import type { Verdicts } from "./reviewvalidate.ts";

const defaults: NamespacePolicy = {
  enforce: { level: "baseline", version: "v1" },
  audit: { level: "restricted", version: "v1" },
  warn: { level: "restricted", version: "v1" },
};
const clean: Evaluation = { findings: [], notes: [] };

/** Labels of Ringfence, without their prefix. */
export function levels(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [`ringfence.dev/${key}`, value]),
  );
}

/** UPDATE of namespace `shop` from some labels of Ringfence to others. */
export function relabelled(
  before: Labels,
  after: Labels,
  changes: Partial<AdmissionRequest> = {},
): AdmissionRequest {
  const { object = null } = namespaceRequest(levels(after));
  const { object: oldObject = null } = namespaceRequest(levels(before));
  return namespaceRequest(null, { operation: "UPDATE", object, oldObject, ...changes });
}

/** A lister of policies with these names. */
export function stored(...names: readonly string[]): NetworkPolicyLister {
  const policies = names.map((name): NetworkPolicy => ({ metadata: { name, namespace: "shop" } }));
  return { list: async (namespace) => (namespace === "shop" ? policies : []) };
}

/** The preview over an engine that says of each policy, by its name, what the test wants. */
export function preview(options: {
  readonly networkPolicies?: NetworkPolicyLister;
  readonly verdicts?: { readonly [name: string]: Verdicts };
  readonly clock?: Clock;
  readonly onJudge?: (name: string) => void;
  /** The real engine, instead. */
  readonly evaluate?: Evaluator;
}) {
  const recorder = keepDecisions();
  const { verdicts = {} } = options;
  const judged: string[] = [];
  const handler = createPreview({
    networkPolicies: options.networkPolicies ?? stored(...Object.keys(verdicts)),
    defaults,
    evaluate(networkPolicy, how) {
      const { metadata } = networkPolicy;
      const { namespace, level, version } = how;
      const name = metadata?.name ?? "";
      judged.push(`${namespace}/${name} ${level}:${version}`);
      options.onJudge?.(name);
      if (options.evaluate) return options.evaluate(networkPolicy, how);
      return (level === "privileged" ? undefined : verdicts[name]?.[level]) ?? clean;
    },
    exempt: createStaticExemption({ namespaces: ["legacy"], users: ["jane"], groups: [] }),
    recorder,
    clock: options.clock ?? countingClock(),
  });
  return {
    judged,
    decisions: recorder.decisions,
    answer: (request: AdmissionRequest, signal?: AbortSignal) =>
      answer("namespaces", handler, request, signal),
  };
}
