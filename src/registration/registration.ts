import { managedPolicyProtection } from "./managedpolicy.ts";
import { markingPolicy } from "./markingpolicy.ts";
import { namespaceLabelProtection } from "./namespacelabels.ts";
import type { RegisteredObject } from "./object.ts";
import type { RegistrationOptions } from "./options.ts";
import { podGate } from "./podgate.ts";
import { gateWebhook, mutateWebhook, validateWebhook } from "./webhooks.ts";

/**
 * Every object that Ringfence puts into the API server. Apply them in this order and remove them
 * in the reverse one: marking comes last and goes first, because a marked namespace needs the rest.
 * The label protection is the last of the validating policies: once it is in force, all are.
 */
export function registration(options: RegistrationOptions): readonly RegisteredObject[] {
  const marking = options.marking === "policy" ? markingPolicy(options) : [mutateWebhook(options)];
  return [
    validateWebhook(options),
    ...managedPolicyProtection(options),
    gateWebhook(options),
    ...podGate(options),
    ...namespaceLabelProtection(options),
    ...marking,
  ];
}
