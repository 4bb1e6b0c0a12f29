import type { Webhook } from "../admission/ports.ts";

/** True for a webhook that only informs: nothing that goes wrong in it may become a refusal. */
export function onlyInforms(webhook: Webhook): boolean {
  return webhook === "namespaces";
}
