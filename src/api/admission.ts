import type { ObjectMeta } from "./meta.ts";

/** `admission.k8s.io/v1` AdmissionReview, as the API server sends it. */
export type AdmissionReview = {
  readonly apiVersion: "admission.k8s.io/v1";
  readonly kind: "AdmissionReview";
  readonly request: AdmissionRequest;
};

export type AdmissionRequest = {
  readonly uid: string;
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  readonly subResource?: string;
  /** Empty for `generateName` creates and for every item of a deletecollection. */
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly userInfo: UserInfo;
  readonly object?: AdmissionObject | null;
  readonly oldObject?: AdmissionObject | null;
  readonly dryRun?: boolean | null;
};

export type AdmissionObject = {
  readonly metadata?: ObjectMeta | null;
  readonly [field: string]: unknown;
};

export type UserInfo = {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[] | null;
};

export type GroupVersionKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
};
export type GroupVersionResource = {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
};

/** What the webhook answers inside the review; `patch` and `patchType` come together. */
export type AdmissionResponse = {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
  readonly patchType?: "JSONPatch";
  /** Base64 of a JSON array of operations. */
  readonly patch?: string;
  readonly auditAnnotations?: { readonly [key: string]: string };
  readonly warnings?: readonly string[];
};
