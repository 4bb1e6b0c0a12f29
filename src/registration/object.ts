/** One admission object to be applied, and why it exists. */
export type RegisteredObject = {
  /** One sentence for users; the same text is the object's annotation `ringfence.dev/reason`. */
  readonly reason: string;
  readonly object: RegistrationManifest;
};

/** The object as plain JSON, keys in a stable order. */
export type RegistrationManifest = {
  readonly apiVersion: "admissionregistration.k8s.io/v1";
  readonly kind: RegistrationKind;
  readonly metadata: {
    readonly name: string;
    readonly labels: { readonly [key: string]: string };
    readonly annotations: { readonly [key: string]: string };
  };
  readonly webhooks?: readonly Json[];
  readonly spec?: Json;
};

export type RegistrationKind =
  | "ValidatingWebhookConfiguration"
  | "MutatingWebhookConfiguration"
  | "ValidatingAdmissionPolicy"
  | "ValidatingAdmissionPolicyBinding"
  | "MutatingAdmissionPolicy"
  | "MutatingAdmissionPolicyBinding";

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

export const reasonAnnotation = "ringfence.dev/reason";

/** A registered object with its labels and its reason. */
export function registered(
  kind: RegistrationKind,
  name: string,
  reason: string,
  body: { readonly webhooks: readonly Json[] } | { readonly spec: Json },
): RegisteredObject {
  const labels = {
    "app.kubernetes.io/name": "ringfence",
    "app.kubernetes.io/managed-by": "ringfence",
  };
  const metadata = { name, labels, annotations: { [reasonAnnotation]: reason } };
  return {
    reason,
    object: { apiVersion: "admissionregistration.k8s.io/v1", kind, metadata, ...body },
  };
}
