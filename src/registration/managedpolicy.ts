import { allowDNSPolicy, defaultDenyPolicy } from "../api/names.ts";
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

const subject = `(object == null ? oldObject : object).metadata.?name.orValue("")`;

/** A managed policy, and what to do instead of changing it. */
type Managed = { readonly name: string; readonly remedy: string };

const denyAll: Managed = {
  name: defaultDenyPolicy,
  remedy:
    "To stop isolating the namespace, label it ringfence.dev/default-deny=disabled; to allow traffic, add NetworkPolicies of your own.",
};
const companion: Managed = {
  name: allowDNSPolicy,
  remedy:
    "It follows the DNS of the cluster, and allowDNS in the configuration of Ringfence; to allow other traffic, add NetworkPolicies of your own.",
};

/**
 * Nobody but the controller changes or deletes the deny-all and its companion while default deny is
 * enabled.
 */
export function managedPolicyProtection(options: RegistrationOptions): readonly RegisteredObject[] {
  const reason =
    "Refuses changes and deletion of the NetworkPolicies ringfence-default-deny and ringfence-allow-dns in namespaces labelled ringfence.dev/default-deny=enabled. Deleting the namespace always works.";
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
    validations: [
      deletion(denyAll),
      deletion(companion),
      unchanged(denyAll),
      unchanged(companion),
      ...creation(),
    ],
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
      name: "is-managed",
      expression: `${subject} in ${celList([denyAll.name, companion.name])}`,
    },
    {
      name: "not-by-ringfence-or-the-cluster",
      expression: `!(request.userInfo.?username.orValue("") in ${others})`,
    },
    ...notExcluded(options),
  ];
}

/** True of requests that are none of this kind, or about another policy. */
function unless(operation: "CREATE" | "UPDATE" | "DELETE", { name }: Managed): string {
  return `request.operation != "${operation}" || ${subject} != ${celString(name)}`;
}

/**
 * Not even in a namespace that is being deleted: its pods may go on running for as long as they
 * like, and the namespace controller, which has an identity of its own, removes policies after
 * them. Who may weaken a namespace may clear up where that controller has another name.
 */
function deletion(managed: Managed): Json {
  const mayWeaken = `authorizer.group("ringfence.dev").resource("namespaces").name(request.namespace).check("weaken").allowed()`;
  return {
    expression: `${unless("DELETE", managed)} || (has(namespaceObject.metadata.deletionTimestamp) && ${mayWeaken})`,
    message: `The NetworkPolicy ${managed.name} is managed by Ringfence and cannot be deleted. ${managed.remedy}`,
    reason: "Forbidden",
  };
}

// An update that changes nothing passes: the storage version migration writes such ones.
function unchanged(managed: Managed): Json {
  const fields = ["labels", "annotations", "ownerReferences", "finalizers"].map(same);
  return {
    expression: `${unless("UPDATE", managed)} || (object.spec == oldObject.spec && ${fields.join(" && ")})`,
    message: `The NetworkPolicy ${managed.name} is managed by Ringfence and cannot be changed. ${managed.remedy}`,
    reason: "Forbidden",
  };
}

function same(field: string): string {
  return `object.metadata.?${field} == oldObject.metadata.?${field}`;
}

/**
 * Somebody may bring the deny-all along (a restored backup), but only as harmless as our own. The
 * companion allows traffic, and which is right only the cluster's DNS tells: nobody else writes it.
 */
function creation(): readonly Json[] {
  const isolating = isolatesExpressions("object").map(({ expression, otherwise }) => ({
    expression: `${unless("CREATE", denyAll)} || (${expression})`,
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
      expression: `${unless("CREATE", denyAll)} || (${plain.join(" && ")})`,
      message: `The name ${defaultDenyPolicy} is reserved for the deny-all of the namespace, which has no owner references, no finalizers and no annotations. Remove them or use another name.`,
      reason: "Forbidden",
    },
    {
      expression: unless("CREATE", companion),
      message: `The name ${allowDNSPolicy} is reserved for the NetworkPolicy by which Ringfence lets the namespace reach the DNS of the cluster; Ringfence creates it by itself where that DNS is found. Use another name.`,
      reason: "Forbidden",
    },
  ];
}
