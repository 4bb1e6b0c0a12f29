import type {
  EgressRule,
  IngressRule,
  IPBlock,
  LabelSelector,
  NetworkPolicy,
  NetworkPolicySpec as Spec,
  Peer,
  Port,
  Requirement,
} from "../../api/networkpolicy.ts";
import type { Found } from "./schema.ts";
import {
  type DecodedBlock,
  type DecodedEgress,
  type DecodedIngress,
  type DecodedPeer,
  type DecodedPort,
  type DecodedRequirement,
  type DecodedSelector,
  type DecodedSpec,
  networkPolicy,
} from "./shape.ts";

/**
 * The valid NetworkPolicy as an API server stores it: what is not said is filled in, what is empty
 * is left out. Metadata stay as they are: most of what the server adds there only it can know.
 */
export function defaultNetworkPolicy(object: NetworkPolicy): NetworkPolicy {
  const found: Found = { mistyped: [], unknown: [] };
  const { spec = {} } = networkPolicy.read(object, { path: "", owner: "", field: "" }, found);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    ...(object.metadata === undefined ? {} : { metadata: object.metadata }),
    spec: storedSpec(spec),
  };
}

function storedSpec({
  podSelector = {},
  ingress = [],
  egress = [],
  policyTypes = [],
}: DecodedSpec): Spec {
  return {
    podSelector: storedSelector(podSelector),
    ...(ingress.length === 0 ? {} : { ingress: ingress.map(storedIngress) }),
    ...(egress.length === 0 ? {} : { egress: egress.map(storedEgress) }),
    policyTypes: policyTypes.length > 0 ? policyTypes : impliedTypes(egress),
  };
}

/** A policy that names no type isolates ingress, and egress when it has rules for it. */
function impliedTypes(egress: readonly unknown[]): readonly string[] {
  return egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function storedIngress({ ports = [], from = [] }: DecodedIngress): IngressRule {
  return {
    ...(ports.length === 0 ? {} : { ports: ports.map(storedPort) }),
    ...(from.length === 0 ? {} : { from: from.map(storedPeer) }),
  };
}

function storedEgress({ ports = [], to = [] }: DecodedEgress): EgressRule {
  return {
    ...(ports.length === 0 ? {} : { ports: ports.map(storedPort) }),
    ...(to.length === 0 ? {} : { to: to.map(storedPeer) }),
  };
}

function storedPort(port: DecodedPort): Port {
  return { protocol: "TCP", ...port };
}

function storedPeer({ podSelector, namespaceSelector, ipBlock }: DecodedPeer): Peer {
  return {
    ...(podSelector === undefined ? {} : { podSelector: storedSelector(podSelector) }),
    ...(namespaceSelector === undefined
      ? {}
      : { namespaceSelector: storedSelector(namespaceSelector) }),
    ...(ipBlock === undefined ? {} : { ipBlock: storedBlock(ipBlock) }),
  };
}

function storedBlock({ cidr = "", except = [] }: DecodedBlock): IPBlock {
  return { cidr, ...(except.length === 0 ? {} : { except }) };
}

function storedSelector({
  matchLabels = new Map(),
  matchExpressions = [],
}: DecodedSelector): LabelSelector {
  return {
    ...(matchLabels.size === 0 ? {} : { matchLabels: Object.fromEntries(matchLabels) }),
    ...(matchExpressions.length === 0
      ? {}
      : { matchExpressions: matchExpressions.map(storedRequirement) }),
  };
}

function storedRequirement({
  key = "",
  operator = "",
  values = [],
}: DecodedRequirement): Requirement {
  return { key, operator, ...(values.length === 0 ? {} : { values }) };
}
