import { sections } from "../../src/config/schema/configuration.ts";

const replicas = { type: "integer", minimum: 0 } as const;

/** What both Deployments take; the shapes inside are those of the pod's API. */
const workload = {
  type: "object",
  additionalProperties: false,
  properties: {
    replicas,
    logLevel: { type: "string", enum: ["debug", "info", "warn", "error"] },
    resources: { type: "object" },
    nodeSelector: { type: "object" },
    tolerations: { type: "array" },
    affinity: { type: "object" },
    priorityClassName: { type: "string" },
    podAnnotations: { type: "object" },
  },
} as const;

/** JSON Schema of the chart's values; the configuration's sections are those of the program. */
export function valuesSchema(): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Values of the Ringfence chart",
    type: "object",
    additionalProperties: false,
    required: ["profile", "image"],
    properties: {
      global: { type: "object" },
      profile: {
        type: "string",
        enum: ["audit", "enforce"],
        description: "`audit` refuses nothing and reports; `enforce` refuses.",
      },
      configuration: {
        type: "object",
        description: "Sections of the configuration; what stands here wins over the profile.",
        additionalProperties: false,
        properties: sections,
      },
      image: {
        type: "object",
        additionalProperties: false,
        required: ["repository"],
        properties: {
          repository: { type: "string", minLength: 1 },
          tag: { type: "string" },
          digest: { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
          pullPolicy: { type: "string", enum: ["Always", "IfNotPresent", "Never"] },
        },
      },
      imagePullSecrets: { type: "array", items: { type: "object" } },
      webhook: workload,
      controller: workload,
      networkPolicy: {
        type: "object",
        additionalProperties: false,
        properties: {
          enabled: { type: "boolean" },
          apiServerCIDRs: { type: "array", items: { type: "string" } },
          apiServerPorts: {
            type: "array",
            minItems: 1,
            items: { type: "integer", minimum: 1, maximum: 65535 },
          },
          metricsFrom: { type: "array", items: { type: "object" } },
        },
      },
    },
  };
}
