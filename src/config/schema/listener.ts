import { labelKey, labelValue, namespaceName, portName, portNumber } from "./vocabulary.ts";

const listenerPort = {
  title: "a port number, a port name, or an object with protocol and port",
  anyOf: [
    portNumber,
    portName,
    {
      type: "object",
      additionalProperties: false,
      required: ["protocol", "port"],
      properties: {
        protocol: { type: "string", enum: ["TCP", "UDP", "SCTP"] },
        port: { title: "a port number or a port name", anyOf: [portNumber, portName] },
        endPort: portNumber,
      },
    },
  ],
} as const;

const podSelector = {
  type: "object",
  description: "Label selector of the pods, as in a NetworkPolicy.",
  additionalProperties: false,
  properties: {
    matchLabels: {
      type: "object",
      propertyNames: labelKey,
      additionalProperties: labelValue,
    },
    matchExpressions: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["key", "operator"],
        properties: {
          key: labelKey,
          operator: { type: "string", enum: ["In", "NotIn", "Exists", "DoesNotExist"] },
          values: { type: "array", items: labelValue },
        },
      },
    },
  },
} as const;

/** Pods that are meant to be reached by anyone, on the listed ports. */
export const publicListenerSchema = {
  type: "object",
  additionalProperties: false,
  required: ["namespaces", "podSelector", "ports"],
  properties: {
    namespaces: { type: "array", minItems: 1, items: namespaceName },
    podSelector,
    ports: { type: "array", minItems: 1, items: listenerPort },
  },
} as const;
