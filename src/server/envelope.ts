import { Ajv } from "ajv";
import type { AdmissionReview } from "../api/admission.ts";

const text = { type: "string" } as const;
const textOrNull = { type: ["string", "null"] } as const;
const textMap = { type: ["object", "null"], additionalProperties: text } as const;

const metadata = {
  type: ["object", "null"],
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    uid: text,
    deletionTimestamp: textOrNull,
    labels: textMap,
    annotations: textMap,
  },
} as const;

const object = { type: ["object", "null"], properties: { metadata } } as const;

const kind = {
  type: "object",
  required: ["group", "version", "kind"],
  properties: { group: text, version: text, kind: text },
} as const;

const resource = {
  type: "object",
  required: ["group", "version", "resource"],
  properties: { group: text, version: text, resource: text },
} as const;

const schema = {
  type: "object",
  required: ["apiVersion", "kind", "request"],
  properties: {
    apiVersion: { const: "admission.k8s.io/v1" },
    kind: { const: "AdmissionReview" },
    request: {
      type: "object",
      required: ["uid", "kind", "resource", "operation", "userInfo"],
      properties: {
        uid: { type: "string", minLength: 1, maxLength: 256 },
        kind,
        resource,
        subResource: text,
        name: text,
        namespace: text,
        operation: { enum: ["CREATE", "UPDATE", "DELETE", "CONNECT"] },
        userInfo: {
          type: "object",
          properties: {
            username: text,
            uid: text,
            groups: { type: ["array", "null"], items: text },
          },
        },
        object,
        oldObject: object,
        dryRun: { type: ["boolean", "null"] },
      },
    },
  },
} as const;

// `ownProperties`, or a missing property named `toString` would be the inherited function.
const ajv = new Ajv({ ownProperties: true, allowUnionTypes: true });
const isReview = ajv.compile<AdmissionReview>(schema);

/** The review in parsed JSON, or what keeps it from being one. */
export function readEnvelope(
  value: unknown,
): { readonly review: AdmissionReview } | { readonly error: string } {
  if (isReview(value)) return { review: value };
  const [first] = isReview.errors ?? [];
  if (!first) return { error: "it is not an AdmissionReview" };
  const place = first.instancePath.slice(1).replaceAll("/", ".") || "the review";
  const allowed =
    first.keyword === "const" ? ` ${JSON.stringify(first.params["allowedValue"])}` : "";
  return { error: `${place} ${first.message ?? "is wrong"}${allowed}` };
}
