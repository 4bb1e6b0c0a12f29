import { levels, versions } from "../../api/level.ts";

const level = { type: "string", enum: levels } as const;

export const defaultsSchema = {
  type: "object",
  description: "What a namespace without Ringfence labels is judged by.",
  additionalProperties: false,
  properties: {
    enforce: {
      ...level,
      description: "NetworkPolicies that violate this level are refused.",
      default: "baseline",
    },
    audit: {
      ...level,
      description: "Violations of this level are recorded: audit annotation, metric, report.",
      default: "restricted",
    },
    warn: {
      ...level,
      description: "Violations of this level are shown to the user as warnings.",
      default: "restricted",
    },
    version: {
      type: "string",
      enum: versions,
      description: "Version of the standards for all three; `latest` moves with each release.",
      default: "v1",
    },
  },
} as const;
