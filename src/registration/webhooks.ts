import {
  defaultDenyPolicy,
  isolationLabel,
  namespaceNameLabel,
  systemNamespaces,
} from "../api/names.ts";
import { celString } from "./cel.ts";
import {
  denyingNamespaces,
  inScope,
  notExcluded,
  outside,
  startsPending,
} from "./namespacescope.ts";
import { names, webhookNames, webhookPaths } from "./names.ts";
import { type Json, type RegisteredObject, registered } from "./object.ts";
import type { RegistrationOptions } from "./options.ts";

/** Judges NetworkPolicies; never those of the system, nor the deny-all that the controller writes. */
export function validateWebhook(options: RegistrationOptions): RegisteredObject {
  const reason =
    "Judges every NetworkPolicy by the level of its namespace, before it is stored. Without it, policies that open a namespace to everyone are accepted.";
  // Without the own namespace a dead webhook could refuse the very upgrade that repairs it.
  const unjudged = [...systemNamespaces, options.ownNamespace];
  // By name as well: whoever acts as the controller still has all other policies judged.
  const ownWrite = `request.userInfo.?username.orValue("") == ${celString(options.controller)} && object.metadata.?name.orValue("") == ${celString(defaultDenyPolicy)}`;
  const webhook = {
    ...common(options, "validate"),
    failurePolicy: options.failurePolicy,
    matchPolicy: "Equivalent",
    rules: [rule("networking.k8s.io", "networkpolicies", "Namespaced", ["CREATE", "UPDATE"])],
    namespaceSelector: {
      matchExpressions: [{ key: namespaceNameLabel, operator: "NotIn", values: unjudged }],
    },
    matchConditions: [
      { name: "not-the-managed-deny-all", expression: `!(${ownWrite})` },
      ...outside("not-exempt", options.exemptNamespaces),
    ],
  };
  const configuration = { webhooks: [webhook] };
  return registered("ValidatingWebhookConfiguration", names.validate, reason, configuration);
}

/** Holds the first pods of a new namespace back for the moment that its deny-all takes. */
export function gateWebhook(options: RegistrationOptions): RegisteredObject {
  const reason =
    "Lets the first pods of a new namespace wait until its deny-all NetworkPolicy exists, instead of being refused. It changes nothing and only matches namespaces that are pending.";
  const webhook = {
    ...common(options, "gate"),
    failurePolicy: "Ignore",
    matchPolicy: "Equivalent",
    reinvocationPolicy: "Never",
    rules: [rule("", "pods", "Namespaced", ["CREATE"])],
    namespaceSelector: {
      // Both labels: a namespace whose default deny was switched off again must not wait forever.
      matchExpressions: [
        { key: isolationLabel, operator: "In", values: ["pending"] },
        ...denyingNamespaces(options),
      ],
    },
    matchConditions: notExcluded(options),
  };
  return registered("MutatingWebhookConfiguration", names.gate, reason, { webhooks: [webhook] });
}

/** Marks new namespaces where the API server cannot do it itself. */
export function mutateWebhook(options: RegistrationOptions): RegisteredObject {
  const reason =
    "Labels every new namespace, so that no pod starts in it before its deny-all NetworkPolicy exists. Only registered where no MutatingAdmissionPolicy does that.";
  const webhook = {
    ...common(options, "mutate"),
    // Ignore: a dead webhook must not stop the creation of namespaces; the controller marks later.
    failurePolicy: "Ignore",
    matchPolicy: "Equivalent",
    reinvocationPolicy: "IfNeeded",
    rules: [rule("", "namespaces", "Cluster", ["CREATE"])],
    matchConditions: [inScope(options), startsPending(options)],
  };
  return registered("MutatingWebhookConfiguration", names.mutate, reason, { webhooks: [webhook] });
}

function common(options: RegistrationOptions, which: keyof typeof webhookNames) {
  return {
    name: webhookNames[which],
    clientConfig: clientConfig(options, webhookPaths[which]),
    admissionReviewVersions: ["v1"],
    sideEffects: "None",
    timeoutSeconds: options.timeouts[which],
  };
}

function clientConfig({ endpoint, caBundle }: RegistrationOptions, path: string): Json {
  const ca = caBundle === undefined ? {} : { caBundle };
  if ("url" in endpoint) return { url: `${endpoint.url}${path}`, ...ca };
  return { service: { ...endpoint.service, path }, ...ca };
}

function rule(group: string, resource: string, scope: string, operations: readonly string[]): Json {
  return {
    apiGroups: [group],
    apiVersions: ["v1"],
    operations,
    resources: [resource],
    scope,
  };
}
