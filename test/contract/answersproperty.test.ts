import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGate } from "../../src/admission/gate.ts";
import { createMutate } from "../../src/admission/mutate.ts";
import type { Handlers, Webhook } from "../../src/admission/ports.ts";
import type { AdmissionObject, AdmissionRequest } from "../../src/api/admission.ts";
import { parseExclusion } from "../../src/api/excluded.ts";
import type { Labels } from "../../src/api/meta.ts";
import { namespaceRequest, podRequest, policyRequest } from "../support/review.ts";
import { preview } from "../support/reviewpreview.ts";
import { answer, countingClock, keepDecisions, namespacesOf } from "../support/reviewports.ts";
import { bad, validate } from "../support/reviewvalidate.ts";

const text = fc.oneof(
  fc.constantFrom("", "shop", "kube-system", "default", "__proto__", "constructor", "a/b~c"),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const labelKey = fc.oneof(
  text,
  fc.constantFrom("ringfence.dev/default-deny", "ringfence.dev/isolation", "ringfence.dev/enforce"),
  fc.constantFrom("ringfence.dev/audit", "ringfence.dev/warn", "ringfence.dev/warn-version"),
);
const labelValue = fc.oneof(
  text,
  fc.constantFrom("enabled", "disabled", "ready", "privileged", "baseline", "restricted"),
);
const labels = fc
  .array(fc.tuple(labelKey, labelValue), { maxLength: 8 })
  .map((entries): Labels => Object.fromEntries(entries));

const metadata = fc.record(
  { name: text, generateName: text, namespace: text, labels: fc.option(labels) },
  { requiredKeys: [] },
);
const object: fc.Arbitrary<AdmissionObject> = fc.record(
  { metadata: fc.option(metadata), spec: fc.jsonValue({ maxDepth: 3 }) },
  { requiredKeys: [] },
);
const groupVersionKind = fc.record({
  group: fc.constantFrom("", "networking.k8s.io", "apps"),
  version: fc.constantFrom("v1", "v2", ""),
  kind: fc.constantFrom("NetworkPolicy", "Namespace", "Pod", "Scale", ""),
});
const groupVersionResource = fc.record({
  group: fc.constantFrom("", "networking.k8s.io", "apps"),
  version: fc.constantFrom("v1", "v2"),
  resource: fc.constantFrom("networkpolicies", "namespaces", "pods", "deployments", ""),
});

/** Any request that passes for one: what is replaced, and in which of the three usual ones. */
const request = fc
  .tuple(
    fc.constantFrom(policyRequest(), namespaceRequest({}), podRequest()),
    fc.record(
      {
        uid: fc.uuid(),
        kind: groupVersionKind,
        resource: groupVersionResource,
        subResource: fc.constantFrom("", "status", "finalize", "eviction"),
        name: text,
        namespace: text,
        operation: fc.constantFrom("CREATE", "UPDATE", "DELETE", "CONNECT"),
        userInfo: fc.record(
          { username: text, groups: fc.option(fc.array(text)) },
          { requiredKeys: [] },
        ),
        object: fc.option(object),
        oldObject: fc.option(object),
        dryRun: fc.option(fc.boolean()),
      },
      { requiredKeys: [] },
    ),
  )
  .map(merge);

function merge([base, changes]: readonly [
  AdmissionRequest,
  Partial<AdmissionRequest>,
]): AdmissionRequest {
  return { ...base, ...changes };
}

function handlers(): Pick<Handlers, "mutate" | "gate"> {
  const common = {
    exclusion: parseExclusion([]),
    recorder: keepDecisions(),
    clock: countingClock(),
  };
  return {
    mutate: createMutate({ newNamespaces: "enabled", ...common }),
    gate: createGate({
      namespaces: namespacesOf({}),
      waiter: { wait: async () => Promise.reject(new Error("no watch")) },
      reader: { isIsolated: async () => false },
      ...common,
    }),
  };
}

/** Policies of any names, some of them bad, or none to be had. */
const networkPolicies = fc.option(
  fc.array(fc.record({ metadata: fc.option(fc.record({ name: text })) }), { maxLength: 30 }),
);

describe("for any request", () => {
  test.each(["mutate", "gate"] as const)("the API server accepts what %s answers", async (name) => {
    const handler = handlers()[name];
    await fc.assert(
      fc.asyncProperty(request, async (each) => {
        const response = await answer(name satisfies Webhook, handler, each);
        expect(response.uid).toBe(each.uid);
      }),
    );
  });

  test("a preview is accepted, and never a no to a namespace", async () => {
    await fc.assert(
      fc.asyncProperty(request, networkPolicies, async (each, policies) => {
        const { answer: ask, decisions } = preview({
          networkPolicies: {
            list: async () => policies ?? Promise.reject(new Error("there is no API server")),
          },
          verdicts: { "": bad, shop: bad },
        });
        const { allowed } = await ask(each);
        expect(allowed).toBe(decisions.at(-1)?.because !== "misdirected");
      }),
    );
  });

  test("validate is never talked into a yes for a NetworkPolicy that is all wrong", async () => {
    const enforced = { "ringfence.dev/enforce": "restricted" };
    const added = bad.restricted ?? { findings: [], notes: [] };
    const { answer: ask, decisions } = validate({ labels: enforced, verdicts: bad, added });
    await fc.assert(
      fc.asyncProperty(request, async (each) => {
        const response = await ask(each);
        const because = decisions.at(-1)?.because;
        const stores = each.operation === "CREATE" || each.operation === "UPDATE";
        const harmless = because === "exempt" || (because === "unrelated" && !stores);
        expect(response.allowed).toBe(harmless);
      }),
    );
  });
});
