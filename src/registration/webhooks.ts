import {
  defaultDenyPolicy,
  isolationLabel,
  labelPrefix,
  namespaceNameLabel,
  systemNamespaces,
} from "../api/names.ts";
import { modes } from "../api/level.ts";
import { celList, celString } from "./cel.ts";
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

/** Judges NetworkPolicies, and previews what a namespace's new level says of those that are there. */
export function validateWebhook(options: RegistrationOptions): RegisteredObject {
  const reason =
    "Judges every NetworkPolicy by the level of its namespace, before it is stored. Without it, policies that open a namespace to everyone are accepted.";
  // The judging one first: its caBundle is what readiness looks at.
  const webhooks = [judging(options), previewing(options)];
  return registered("ValidatingWebhookConfiguration", names.validate, reason, { webhooks });
}

/** Never those of the system, nor the deny-all that the controller writes. */
function judging(options: RegistrationOptions) {
  // By name as well: whoever acts as the controller still has all other policies judged.
  const ownWrite = `request.userInfo.?username.orValue("") == ${celString(options.controller)} && object.metadata.?name.orValue("") == ${celString(defaultDenyPolicy)}`;
  return {
    ...common(options, "validate"),
    failurePolicy: options.failurePolicy,
    matchPolicy: "Equivalent",
    rules: [rule("networking.k8s.io", "networkpolicies", "Namespaced", ["CREATE", "UPDATE"])],
    namespaceSelector: outsideSystem(options),
    matchConditions: [
      { name: "not-the-managed-deny-all", expression: `!(${ownWrite})` },
      ...outside("not-exempt", options.exemptNamespaces),
    ],
  };
}

/**
 * Labels can be changed through `namespaces/status` and `namespaces/finalize` too, but nobody reads
 * warnings there: those are written by controllers.
 */
function previewing(options: RegistrationOptions) {
  const name = 'object.metadata.?name.orValue("")';
  return {
    ...common(options, "namespaces"),
    // It only informs: namespaces must never depend on a process of ours.
    failurePolicy: "Ignore",
    matchPolicy: "Equivalent",
    rules: [rule("", "namespaces", "Cluster", ["CREATE", "UPDATE"])],
    namespaceSelector: outsideSystem(options),
    matchConditions: [
      { name: "changes-a-level", expression: changesALevel },
      ...outside("not-exempt", options.exemptNamespaces, name),
    ],
  };
}

/** True for a change of a label that sets a level or its version; labels cannot hold parentheses. */
const changesALevel = (() => {
  const keys = modes.flatMap((mode) => [`${labelPrefix}${mode}`, `${labelPrefix}${mode}-version`]);
  const absent = celString("(absent)");
  const label = (of: string) => `${of}.metadata.?labels[?key].orValue(${absent})`;
  const before = `(oldObject == null ? ${absent} : ${label("oldObject")})`;
  return `${celList(keys)}.exists(key, ${label("object")} != ${before})`;
})();

function outsideSystem({ ownNamespace }: RegistrationOptions): Json {
  // Without the own namespace a dead webhook could refuse the very upgrade that repairs it.
  const values = [...systemNamespaces, ownNamespace];
  return { matchExpressions: [{ key: namespaceNameLabel, operator: "NotIn", values }] };
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
