import { defaultDenyPolicy } from "../api/names.ts";
import { isolatesExpressions } from "./isolatesexpressions.ts";
import { names } from "./names.ts";
import { denyingNamespaces, notExcluded } from "./namespacescope.ts";
import { type RegisteredObject, registered } from "./object.ts";
import type { RegistrationOptions } from "./options.ts";

/** No pod without a deny-all: the guarantee itself, inside the API server. */
export function podGate(options: RegistrationOptions): readonly RegisteredObject[] {
  const reason =
    "Refuses pods in namespaces labelled ringfence.dev/default-deny=enabled until their NetworkPolicy ringfence-default-deny exists and denies all traffic. Holds while every process of Ringfence is down.";
  const spec = {
    failurePolicy: "Fail",
    paramKind: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
    matchConstraints: {
      matchPolicy: "Equivalent",
      namespaceSelector: { matchExpressions: denyingNamespaces(options) },
      resourceRules: [
        {
          apiGroups: [""],
          apiVersions: ["v1"],
          operations: ["CREATE"],
          resources: ["pods"],
          scope: "Namespaced",
        },
      ],
    },
    matchConditions: notExcluded(options),
    validations: isolatesExpressions("params").map(({ expression, otherwise }) => ({
      expression,
      message: `The namespace is not isolated: its NetworkPolicy ${defaultDenyPolicy} ${otherwise}. No pod may start before it denies all traffic again; the Ringfence controller repairs it.`,
      reason: "Forbidden",
    })),
  };
  // Without `namespace` the parameter is looked up in the namespace of the pod.
  const binding = {
    policyName: names.podGate,
    paramRef: { name: defaultDenyPolicy, parameterNotFoundAction: "Deny" },
    validationActions: ["Deny"],
  };
  return [
    registered("ValidatingAdmissionPolicy", names.podGate, reason, { spec }),
    registered(
      "ValidatingAdmissionPolicyBinding",
      names.podGateBinding,
      `Switches it on. ${reason}`,
      { spec: binding },
    ),
  ];
}
