import type { RegistrationOptions } from "../../../src/registration/options.ts";

/** The enforce profile on a current API server, served from this machine. */
export const enforce: RegistrationOptions = {
  failurePolicy: "Fail",
  newNamespaces: "enabled",
  existingNamespaces: "audit",
  defaults: { enforce: "baseline", version: "v1" },
  excludedNamespaces: [],
  exemptNamespaces: [],
  ownNamespace: "ringfence-system",
  marking: "policy",
  endpoint: { url: "https://127.0.0.1:8443" },
  caBundle: "Q0E=",
  controller: "system:serviceaccount:ringfence-system:ringfence-controller",
  timeouts: { validate: 5, mutate: 3, gate: 10, namespaces: 5 },
};

/** The audit profile in an older cluster, with everything that can be configured. */
export const audit: RegistrationOptions = {
  failurePolicy: "Ignore",
  newNamespaces: "audit",
  existingNamespaces: "disabled",
  defaults: { enforce: "privileged", version: "latest" },
  excludedNamespaces: ["legacy", "ci-*"],
  exemptNamespaces: ["vendor", "lab-*"],
  ownNamespace: "guard",
  marking: "webhook",
  endpoint: { service: { namespace: "guard", name: "ringfence-webhook", port: 8443 } },
  controller: "system:serviceaccount:guard:ringfence-controller",
  timeouts: { validate: 4, mutate: 2, gate: 8, namespaces: 3 },
};
