import type { AdmissionRequest, GroupVersionKind } from "../api/admission.ts";
import type { Webhook } from "./ports.ts";
import { allowed, malformed } from "./responses.ts";
import type { Verdict } from "./verdict.ts";

/** What one webhook is there for. */
export type Scope = {
  readonly webhook: Webhook;
  readonly resource: string;
  readonly kind: GroupVersionKind;
  readonly operations: readonly AdmissionRequest["operation"][];
  /** Whether writes to a subresource store the whole object again, and so are judged alike. */
  readonly subresources: boolean;
};

/**
 * The answer to a request that is outside a webhook's scope, or undefined. What provably stores
 * nothing of ours (another operation, a subresource) is allowed. A foreign resource is refused: who
 * sent it expects it to be judged, and only a wrong webhook configuration can have done so.
 */
export function answerOutside(request: AdmissionRequest, scope: Scope): Verdict | undefined {
  const { group, resource } = request.resource;
  if (resource !== scope.resource || group !== scope.kind.group) return misdirected(request, scope);
  if (!scope.operations.includes(request.operation)) return unrelated(request);
  if (request.subResource && !scope.subresources) return unrelated(request);
  const { kind } = request;
  const known =
    kind.kind === scope.kind.kind &&
    kind.group === scope.kind.group &&
    kind.version === scope.kind.version;
  return known ? undefined : misdirected(request, scope);
}

function unrelated(request: AdmissionRequest): Verdict {
  return { response: allowed(request.uid), because: "unrelated" };
}

function misdirected(request: AdmissionRequest, scope: Scope): Verdict {
  const { uid, resource, subResource, kind } = request;
  const sent = `${spell(resource.group, resource.version)} ${resource.resource}${subResource ? `/${subResource}` : ""} (kind ${spell(kind.group, kind.version)} ${kind.kind})`;
  const wanted = `${spell(scope.kind.group, scope.kind.version)} ${scope.resource}`;
  const message = `Ringfence's ${scope.webhook} webhook judges ${wanted} and was sent ${sent}, which it cannot judge. The rules of the webhook configuration that sent it are wrong: take this resource out.`;
  return { response: malformed(uid, message), because: "misdirected" };
}

function spell(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}
