import { defaultDenyLabel, isolationLabel } from "../api/names.ts";
import { celString } from "./cel.ts";
import { inScope, startsPending } from "./namespacescope.ts";
import { names } from "./names.ts";
import { type RegisteredObject, registered } from "./object.ts";
import type { RegistrationOptions } from "./options.ts";

/** Marks new namespaces inside the API server: no process of ours needs to run. */
export function markingPolicy(options: RegistrationOptions): readonly RegisteredObject[] {
  const reason =
    "Labels every new namespace, inside the API server, so that no pod starts in it before its deny-all NetworkPolicy exists.";
  // Constants suffice: the conditions match only where the outcome is "enabled". A forged "ready"
  // becomes "pending".
  const labels = `{${celString(defaultDenyLabel)}: "enabled", ${celString(isolationLabel)}: "pending"}`;
  const spec = {
    failurePolicy: "Fail",
    // Again after other webhooks: one that drops our labels would leave the namespace open.
    reinvocationPolicy: "IfNeeded",
    matchConstraints: {
      matchPolicy: "Equivalent",
      resourceRules: [
        {
          apiGroups: [""],
          apiVersions: ["v1"],
          operations: ["CREATE"],
          resources: ["namespaces"],
          scope: "Cluster",
        },
      ],
    },
    matchConditions: [inScope(options), startsPending(options)],
    mutations: [
      {
        patchType: "ApplyConfiguration",
        applyConfiguration: { expression: `Object{metadata: Object.metadata{labels: ${labels}}}` },
      },
    ],
  };
  return [
    registered("MutatingAdmissionPolicy", names.marking, reason, { spec }),
    registered("MutatingAdmissionPolicyBinding", names.marking, `Switches it on. ${reason}`, {
      spec: { policyName: names.marking },
    }),
  ];
}
