import { defaultDenyPolicy } from "../api/names.ts";
import { celList, celString } from "./cel.ts";
import { isolatesExpressions } from "./isolatesexpressions.ts";
import { names } from "./names.ts";
import { denyingNamespaces, notExcluded } from "./namespacescope.ts";
import { type Json, type RegisteredObject, registered } from "./object.ts";
import type { RegistrationOptions } from "./options.ts";

/** Parts of Kubernetes that delete what is in a namespace; never to be hindered. */
const clusterIdentities = [
  "system:serviceaccount:kube-system:namespace-controller",
  "system:serviceaccount:kube-system:generic-garbage-collector",
  "system:kube-controller-manager",
];

/** Nobody but the controller changes or deletes the deny-all while default deny is enabled. */
export function managedPolicyProtection(options: RegistrationOptions): readonly RegisteredObject[] {
  const reason =
    "Refuses changes and deletion of the NetworkPolicy ringfence-default-deny in namespaces labelled ringfence.dev/default-deny=enabled. Deleting the namespace always works.";
  const spec = {
    failurePolicy: "Fail",
    matchConstraints: {
      matchPolicy: "Equivalent",
      namespaceSelector: { matchExpressions: denyingNamespaces(options) },
      resourceRules: [
        {
          apiGroups: ["networking.k8s.io"],
          apiVersions: ["v1"],
          operations: ["CREATE", "UPDATE", "DELETE"],
          resources: ["networkpolicies", "networkpolicies/*"],
          scope: "Namespaced",
        },
      ],
    },
    matchConditions: matchConditions(options),
    validations: [deletion, unchanged, ...creation()],
  };
  const binding = { policyName: names.managedPolicy, validationActions: ["Deny"] };
  return [
    registered("ValidatingAdmissionPolicy", names.managedPolicy, reason, { spec }),
    registered(
      "ValidatingAdmissionPolicyBinding",
      names.managedPolicy,
      `Switches it on. ${reason}`,
      { spec: binding },
    ),
  ];
}

function matchConditions(options: RegistrationOptions): readonly Json[] {
  const others = celList([options.controller, ...clusterIdentities]);
  return [
    {
      // Not request.name: it is empty for each item of a deletecollection.
      name: "is-the-managed-deny-all",
      expression: `(object == null ? oldObject : object).metadata.?name.orValue("") == ${celString(defaultDenyPolicy)}`,
    },
    {
      name: "not-by-ringfence-or-the-cluster",
      expression: `!(request.userInfo.?username.orValue("") in ${others})`,
    },
    ...notExcluded(options),
  ];
}

const remedy =
  "To stop isolating the namespace, label it ringfence.dev/default-deny=disabled; to allow traffic, add NetworkPolicies of your own.";

const deletion = {
  expression: `request.operation != "DELETE" || has(namespaceObject.metadata.deletionTimestamp)`,
  message: `The NetworkPolicy ${defaultDenyPolicy} is managed by Ringfence and cannot be deleted. ${remedy}`,
  reason: "Forbidden",
};

// An update that changes nothing passes: the storage version migration writes such ones.
const unchanged = {
  expression: `request.operation != "UPDATE" || (object.spec == oldObject.spec && ${["labels", "annotations", "ownerReferences", "finalizers"].map(same).join(" && ")})`,
  message: `The NetworkPolicy ${defaultDenyPolicy} is managed by Ringfence and cannot be changed. ${remedy}`,
  reason: "Forbidden",
};

function same(field: string): string {
  return `object.metadata.?${field} == oldObject.metadata.?${field}`;
}

/** Somebody may bring it along (a restored backup), but only as harmless as our own. */
function creation(): readonly Json[] {
  const isolating = isolatesExpressions("object").map(({ expression, otherwise }) => ({
    expression: `request.operation != "CREATE" || (${expression})`,
    message: `The name ${defaultDenyPolicy} is reserved for the deny-all of the namespace, and this NetworkPolicy ${otherwise}. Use another name.`,
    reason: "Forbidden",
  }));
  const applied = celString("kubectl.kubernetes.io/last-applied-configuration");
  const plain = [
    "size(object.metadata.?ownerReferences.orValue([])) == 0",
    "size(object.metadata.?finalizers.orValue([])) == 0",
    `object.metadata.?annotations.orValue({}).all(key, key == ${applied})`,
  ];
  return [
    ...isolating,
    {
      expression: `request.operation != "CREATE" || (${plain.join(" && ")})`,
      message: `The name ${defaultDenyPolicy} is reserved for the deny-all of the namespace, which has no owner references, no finalizers and no annotations. Remove them or use another name.`,
      reason: "Forbidden",
    },
  ];
}
