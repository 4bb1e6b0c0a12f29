import { namespaceName, subjectName } from "./vocabulary.ts";

export const exemptionsSchema = {
  type: "object",
  description: "Who and what is never judged. Exact names, no wildcards.",
  additionalProperties: false,
  properties: {
    namespaces: {
      type: "array",
      items: namespaceName,
      description: "NetworkPolicies in these namespaces are not judged.",
      default: [],
    },
    users: {
      type: "array",
      items: subjectName,
      description:
        "Requests of these users are not judged, such as `system:serviceaccount:flux-system:kustomize-controller`.",
      default: [],
    },
    groups: {
      type: "array",
      items: subjectName,
      description: "Requests of members of these groups are not judged.",
      default: [],
    },
  },
} as const;
