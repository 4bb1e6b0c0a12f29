import { defaultDenyPolicy } from "../api/names.ts";
import { names } from "./names.ts";
import { type RegisteredObject, registered } from "./object.ts";

/**
 * Keeps the API server's cache of NetworkPolicies alive, which the pod gate reads. An API server
 * ends that cache with the last binding of a policy whose parameters are NetworkPolicies and never
 * begins it again: a gate that is registered once more would read what was true before, let pods
 * into a namespace that has lost its deny-all and, up to 1.36, keep them out of all new ones, until
 * the API server restarts. So these two matter, match nothing, and stay when all else is removed.
 */
export function cacheAnchor(): readonly RegisteredObject[] {
  const reason =
    "Keeps the API server's view of NetworkPolicies up to date while Ringfence's pod gate is removed and registered again. Matches no request. Remove it only together with a restart of every API server.";
  const spec = {
    failurePolicy: "Ignore",
    paramKind: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: ["ringfence.dev"],
          apiVersions: ["v1alpha1"],
          operations: ["CREATE"],
          resources: ["nothing"],
          scope: "Namespaced",
        },
      ],
    },
    validations: [{ expression: "true" }],
  };
  const binding = {
    policyName: names.cacheAnchor,
    paramRef: { name: defaultDenyPolicy, parameterNotFoundAction: "Allow" },
    validationActions: ["Audit"],
  };
  return [
    registered("ValidatingAdmissionPolicy", names.cacheAnchor, reason, { spec }),
    registered("ValidatingAdmissionPolicyBinding", names.cacheAnchor, reason, { spec: binding }),
  ];
}
