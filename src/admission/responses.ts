import type { AdmissionResponse } from "../api/admission.ts";
import type { JsonPatch } from "../api/jsonpatch.ts";

/** What may go along with any answer; `warnings` and `annotations` are already within bounds. */
export type Extras = {
  readonly warnings?: readonly string[];
  readonly annotations?: { readonly [key: string]: string };
};

/** Yes, unchanged. */
export function allowed(uid: string, extras?: Extras): AdmissionResponse {
  return { uid, allowed: true, ...rendered(extras) };
}

/** Yes, with these changes; an empty patch is none. */
export function patched(uid: string, patch: JsonPatch, extras?: Extras): AdmissionResponse {
  if (patch.length === 0) return allowed(uid, extras);
  return {
    uid,
    allowed: true,
    patchType: "JSONPatch",
    patch: Buffer.from(JSON.stringify(patch)).toString("base64"),
    ...rendered(extras),
  };
}

/** No: the object breaks a rule. */
export function denied(uid: string, message: string, extras?: Extras): AdmissionResponse {
  return refusal(uid, 403, "Forbidden", message, extras);
}

/**
 * No: not yet. 429 is what tools take for "the same request may succeed later", while 403 reads as
 * final to many of them. Without a `retryAfterSeconds` on purpose: client-go would then repeat the
 * request by itself, up to ten times, and keep the workers of the ReplicaSet controller from
 * namespaces that are in order.
 */
export function retryLater(uid: string, message: string, extras?: Extras): AdmissionResponse {
  return refusal(uid, 429, "TooManyRequests", message, extras);
}

/** No: the request itself cannot be judged, with the HTTP status that says why. */
export function malformed(uid: string, message: string, code = 400): AdmissionResponse {
  return refusal(uid, code, reasons[code] ?? "BadRequest", message);
}

/** No: Ringfence failed; never an accidental yes. */
export function errored(uid: string, message: string): AdmissionResponse {
  return refusal(uid, 500, "InternalError", message);
}

const reasons: { readonly [code: number]: string } = {
  400: "BadRequest",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
};

/** Longer than any message that people read, shorter than what a client or an audit log chokes on. */
const messageLimit = 65_536;

function refusal(
  uid: string,
  code: number,
  reason: string,
  message: string,
  extras?: Extras,
): AdmissionResponse {
  const text =
    message.length <= messageLimit ? message : `${message.slice(0, messageLimit)}… (cut)`;
  return {
    uid,
    allowed: false,
    status: { code, reason, message: text.toWellFormed() },
    ...rendered(extras),
  };
}

function rendered(
  extras: Extras | undefined,
): Pick<AdmissionResponse, "warnings" | "auditAnnotations"> {
  const { warnings, annotations } = extras ?? {};
  return {
    ...(annotations && Object.keys(annotations).length > 0 && { auditAnnotations: annotations }),
    ...(warnings && warnings.length > 0 && { warnings }),
  };
}
