import { instant } from "./instant.ts";
import { integer, integerOrText } from "./scalar.ts";
import { anything, type Decoded, flag, list, object, text, textMap } from "./schema.ts";

// The fields of the API, type by type. The names of types are those of the server's messages.

const requirement = object("LabelSelectorRequirement", {
  key: text(),
  operator: text("v1.LabelSelectorOperator"),
  values: list(text()),
});

const selector = object("LabelSelector", {
  matchLabels: textMap,
  matchExpressions: list(requirement),
});

const block = object("IPBlock", { cidr: text(), except: list(text()) });

const peer = object("NetworkPolicyPeer", {
  podSelector: selector,
  namespaceSelector: selector,
  ipBlock: block,
});

const port = object("NetworkPolicyPort", {
  protocol: text("v1.Protocol"),
  port: integerOrText,
  endPort: integer(32),
});

const ingress = object("NetworkPolicyIngressRule", { ports: list(port), from: list(peer) });

const egress = object("NetworkPolicyEgressRule", { ports: list(port), to: list(peer) });

const spec = object("NetworkPolicySpec", {
  podSelector: selector,
  ingress: list(ingress),
  egress: list(egress),
  policyTypes: list(text("v1.PolicyType")),
});

const owner = object("OwnerReference", {
  apiVersion: text(),
  kind: text(),
  name: text(),
  uid: text("types.UID"),
  controller: flag,
  blockOwnerDeletion: flag,
});

const managedFields = object("ManagedFieldsEntry", {
  manager: text(),
  operation: text("v1.ManagedFieldsOperationType"),
  apiVersion: text(),
  time: instant,
  fieldsType: text(),
  fieldsV1: anything,
  subresource: text(),
});

const metadata = object("ObjectMeta", {
  name: text(),
  generateName: text(),
  namespace: text(),
  selfLink: text(),
  uid: text("types.UID"),
  resourceVersion: text(),
  generation: integer(64),
  creationTimestamp: instant,
  deletionTimestamp: instant,
  deletionGracePeriodSeconds: integer(64),
  labels: textMap,
  annotations: textMap,
  ownerReferences: list(owner),
  finalizers: list(text()),
  managedFields: list(managedFields),
});

/** A NetworkPolicy of `networking.k8s.io/v1`. */
export const networkPolicy = object("NetworkPolicy", {
  apiVersion: text(),
  kind: text(),
  metadata,
  spec,
});

export type DecodedPolicy = Decoded<typeof networkPolicy>;
export type DecodedSpec = Decoded<typeof spec>;
export type DecodedSelector = Decoded<typeof selector>;
export type DecodedRequirement = Decoded<typeof requirement>;
export type DecodedIngress = Decoded<typeof ingress>;
export type DecodedEgress = Decoded<typeof egress>;
export type DecodedPeer = Decoded<typeof peer>;
export type DecodedBlock = Decoded<typeof block>;
export type DecodedPort = Decoded<typeof port>;
export type DecodedMeta = Decoded<typeof metadata>;
export type DecodedOwner = Decoded<typeof owner>;
