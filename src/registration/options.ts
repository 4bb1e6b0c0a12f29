import type { Level, Version } from "../api/level.ts";
import type { DefaultDeny } from "../api/names.ts";

/**
 * Everything that decides what is registered. String values may be placeholders: they are copied
 * into the objects and into CEL string literals, and nothing but `marking` and `endpoint` changes
 * which objects there are.
 */
export type RegistrationOptions = {
  /** What happens to a NetworkPolicy when the webhook cannot be asked. */
  readonly failurePolicy: FailurePolicy;
  readonly newNamespaces: DefaultDeny;
  readonly existingNamespaces: DefaultDeny;
  /** What namespaces without labels are judged by. */
  readonly defaults: { readonly enforce: Level; readonly version: Version };
  /** Beside the built-in ones and `ownNamespace`; exact names, or a prefix with a trailing `*`. */
  readonly excludedNamespaces: readonly string[];
  /** Never judged by `validate`; the same patterns. */
  readonly exemptNamespaces: readonly string[];
  readonly ownNamespace: string;
  readonly marking: Marking;
  readonly endpoint: Endpoint;
  /** Base64 of PEM; without it the API server uses its own trust store. */
  readonly caBundle?: string;
  /** User name of the controller, e.g. `system:serviceaccount:ringfence-system:ringfence-controller`. */
  readonly controller: string;
  readonly timeouts: Timeouts;
};

export type FailurePolicy = "Fail" | "Ignore";

/** Who labels new namespaces: a CEL policy inside the API server, or our webhook. */
export type Marking = "policy" | "webhook";

/** Where the API server finds the webhooks; `url` without a path and without a trailing slash. */
export type Endpoint =
  | { readonly url: string }
  | {
      readonly service: {
        readonly namespace: string;
        readonly name: string;
        readonly port?: number;
      };
    };

/** Seconds that the API server waits for each webhook. */
export type Timeouts = {
  readonly validate: number;
  readonly mutate: number;
  readonly gate: number;
  /** The preview of a label change ends at half of it. */
  readonly namespaces: number;
};

/** The gate waits for a deny-all, so it has the most time; the others only compute. */
export const defaultTimeouts: Timeouts = { validate: 5, mutate: 3, gate: 10, namespaces: 5 };
