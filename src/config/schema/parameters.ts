import { publicListenerSchema } from "./listener.ts";
import { address, cidr, labelKey, labelValue, portNumber } from "./vocabulary.ts";

const keys = { type: "array", items: labelKey } as const;

/** Parameters that both levels read. */
const shared = {
  dnsPorts: {
    type: "array",
    items: portNumber,
    description: "Ports that count as DNS in the carve-outs for DNS.",
  },
  publicListeners: {
    type: "array",
    items: publicListenerSchema,
    description:
      "Pods that are meant to be reached by anyone: public gateways, webhooks called by the API server. Ports are TCP unless they name a protocol.",
  },
  minPrefixV4: {
    type: "integer",
    minimum: 0,
    maximum: 32,
    description: "Broadest IPv4 block, as a prefix length, that a policy may admit.",
  },
  minPrefixV6: {
    type: "integer",
    minimum: 0,
    maximum: 128,
    description: "Broadest IPv6 block, as a prefix length, that a policy may admit.",
  },
  maxBlocks: {
    type: "integer",
    minimum: 1,
    maximum: 1_000_000,
    description: "How many of the broadest blocks all admitted addresses together may amount to.",
  },
  allowedCIDRs: {
    type: "array",
    items: cidr,
    description: "Address blocks that never count as broad.",
  },
  allowedEndpoints: {
    type: "array",
    items: address,
    description: "Addresses of credential endpoints that pods may reach.",
  },
  annotations: {
    type: "array",
    description: "Annotations that make a network plugin ignore a standard NetworkPolicy.",
    items: {
      type: "object",
      additionalProperties: false,
      required: ["key", "weakens"],
      properties: {
        key: labelKey,
        weakens: { type: "string", enum: ["exactly", "unless-ovn-provider"] },
        value: { type: "string" },
      },
    },
  },
  platformNamespaceLabelKeys: {
    ...keys,
    description: "Labels that the platform puts on every namespace: a stranger may wear them.",
  },
  platformPodLabelKeys: {
    ...keys,
    description: "Labels that the platform (a mesh, for instance) puts on pods.",
  },
} as const;

/** Parameters that rules or carve-outs of baseline alone read. */
const baselineOnly = {
  maxInternetPorts: {
    type: "integer",
    minimum: 0,
    maximum: 65535,
    description:
      "How many ports to public addresses baseline's carve-out for internet egress covers.",
  },
} as const;

/** Parameters that rules of restricted alone read. */
const restrictedOnly = {
  trustedNamespaceLabelKeys: {
    ...keys,
    minItems: 1,
    description: "Namespace labels that only trusted people can set.",
  },
  dnsPodLabels: {
    type: "object",
    propertyNames: labelKey,
    additionalProperties: { type: "array", minItems: 1, items: labelValue },
    description: "Labels that identify the pods of the cluster's DNS.",
  },
  maxPorts: {
    type: "integer",
    minimum: 1,
    maximum: 65535,
    description: "How many ports of one protocol a peer outside the own namespace may have.",
  },
} as const;

/** Facts of the cluster: they cannot differ per level. */
const facts = {
  clusterCIDRs: {
    title: "auto, or a list of address blocks",
    anyOf: [{ const: "auto" }, { type: "array", items: cidr }],
    description:
      "Ranges of pods and services. `auto` reads them from the cluster; a list replaces that.",
    default: "auto",
  },
} as const;

export const parametersSchema = {
  type: "object",
  description:
    "Parameters of the standards. A value here holds for both levels; `baseline` and `restricted` hold what differs. Restricted must not be looser than baseline.",
  additionalProperties: false,
  properties: {
    ...facts,
    ...shared,
    ...baselineOnly,
    ...restrictedOnly,
    baseline: {
      type: "object",
      description: "Values for baseline alone.",
      additionalProperties: false,
      properties: { ...shared, ...baselineOnly },
    },
    restricted: {
      type: "object",
      description: "Values for restricted alone.",
      additionalProperties: false,
      properties: { ...shared, ...restrictedOnly },
    },
  },
} as const;
