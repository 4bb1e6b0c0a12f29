import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createStaticExemption } from "../../../src/admission/exempt.ts";
import { createValidate } from "../../../src/admission/validate.ts";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { defaultConfiguration } from "../../../src/config/load.ts";
import { withClusterCIDRs } from "../../../src/config/configuration.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { defaultNetworkPolicy } from "../../../src/netpol/validity/default.ts";
import { lintTexts } from "./linting.ts";
import { soundPolicy } from "./policyobject.ts";

const namespaceLabels = fc.constantFrom(
  {},
  { "ringfence.dev/enforce": "privileged" },
  { "ringfence.dev/enforce": "restricted" },
  { "ringfence.dev/enforce": "baseline", "ringfence.dev/warn": "privileged" },
  { "ringfence.dev/enforce": "typo", "ringfence.dev/warn": "restricted" },
);
type Labels = { readonly [label: string]: string };

const version = "v1";

/** The webhook of the default configuration, in front of one namespace with these labels. */
function webhook(labels: Labels) {
  const evaluate = createEvaluator(withClusterCIDRs(defaultConfiguration(), []));
  return createValidate({
    networkPolicies: { list: async () => [] },
    namespaces: { get: async (name) => ({ metadata: { name, labels } }) },
    defaults: {
      enforce: { level: "baseline", version },
      audit: { level: "restricted", version },
      warn: { level: "restricted", version },
    },
    evaluate,
    evaluateUpdate: (_, after, how) => evaluate(after, how),
    advise: () => [],
    exempt: createStaticExemption({ namespaces: [], users: [], groups: [] }),
    recorder: { record: () => undefined },
    clock: { now: () => 0, sleep: async () => undefined },
  });
}

/** What the webhook says of a new policy, as the API server would send it. */
async function admit(policy: NetworkPolicy, labels: Labels) {
  const object = defaultNetworkPolicy(policy);
  const request = {
    uid: "1",
    kind: { group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy" },
    resource: { group: "networking.k8s.io", version: "v1", resource: "networkpolicies" },
    namespace: "shop",
    operation: "CREATE" as const,
    userInfo: { username: "somebody" },
    object,
  };
  const { status, auditAnnotations } = await webhook(labels)(request, AbortSignal.timeout(5_000));
  const refusal = status?.message ?? "";
  const audited = auditAnnotations?.["audit-violations"] ?? "";
  return {
    // An annotation has a limit: past it the last findings are missing.
    isCut: audited.endsWith("…"),
    enforce: refusal
      .matchAll(/^\d+\. (\S+ at .*)$/gm)
      .map(([, text]) => text)
      .toArray(),
    audit: audited
      .matchAll(/would violate \S+: (\S+ at \S+): /g)
      .map(([, text]) => text)
      .toArray(),
  };
}

test("lint finds in a file what the webhook finds in the cluster, word for word", async () => {
  let refused = 0;
  let cut = 0;
  await fc.assert(
    fc.asyncProperty(soundPolicy, namespaceLabels, async (policy, labels) => {
      const admitted = await admit(
        { ...policy, metadata: { ...policy.metadata, namespace: "shop" } },
        labels,
      );
      const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels } };
      const report = await lintTexts([JSON.stringify(namespace), JSON.stringify(policy)], {
        namespace: "shop",
      });
      const findings = report.findings.filter(({ rule }) => rule !== "unreadable-label");
      const enforced = findings.filter(({ modes }) => modes.includes("enforce"));
      const audited = findings.filter(({ modes }) => modes.includes("audit"));
      refused += enforced.length;
      expect(enforced.map(({ rule, path, message }) => `${rule} at ${path}: ${message}`)).toEqual(
        admitted.enforce,
      );
      // Findings that enforce has, too, come first in the report.
      const places = new Set(audited.map(({ rule, path }) => `${rule} at ${path}`));
      const known = new Set(admitted.audit);
      expect(admitted.isCut ? places.intersection(known) : places).toEqual(known);
      cut += admitted.isCut ? 1 : 0;
    }),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(100);
  expect(cut).toBeLessThan(30);
});
