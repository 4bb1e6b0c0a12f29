import type { RegistrationKind } from "./object.ts";

/** Names that users meet in refusals and need for break-glass. */
export const names = {
  validate: "ringfence-validate",
  gate: "ringfence-gate",
  mutate: "ringfence-mutate",
  marking: "ringfence-namespace-marking",
  podGate: "ringfence-pods-wait-for-default-deny",
  // The API server's "no params found" cannot be changed, but it is preceded by this name.
  podGateBinding: "ringfence-namespace-not-isolated-yet-retry",
  cacheAnchor: "ringfence-keeps-sight-of-networkpolicies",
  managedPolicy: "ringfence-default-deny-is-managed",
  namespaceLabels: "ringfence-namespace-labels-are-protected",
} as const;

export const webhookNames = {
  validate: "validate.ringfence.dev",
  gate: "gate.ringfence.dev",
  mutate: "mutate.ringfence.dev",
  namespaces: "namespaces.ringfence.dev",
} as const;

export const webhookPaths = {
  validate: "/v1/validate",
  gate: "/v1/gate",
  mutate: "/v1/mutate",
  namespaces: "/v1/namespaces",
} as const;

/**
 * Every object that any options can register: what to look for when removing or switching. The
 * cache anchor is not among them, it stays.
 */
export const everyRegisteredName: readonly {
  readonly kind: RegistrationKind;
  readonly name: string;
}[] = [
  { kind: "ValidatingWebhookConfiguration", name: names.validate },
  { kind: "MutatingWebhookConfiguration", name: names.gate },
  { kind: "MutatingWebhookConfiguration", name: names.mutate },
  { kind: "ValidatingAdmissionPolicy", name: names.managedPolicy },
  { kind: "ValidatingAdmissionPolicyBinding", name: names.managedPolicy },
  { kind: "ValidatingAdmissionPolicy", name: names.namespaceLabels },
  { kind: "ValidatingAdmissionPolicyBinding", name: names.namespaceLabels },
  { kind: "ValidatingAdmissionPolicy", name: names.podGate },
  { kind: "ValidatingAdmissionPolicyBinding", name: names.podGateBinding },
  { kind: "MutatingAdmissionPolicy", name: names.marking },
  { kind: "MutatingAdmissionPolicyBinding", name: names.marking },
];
