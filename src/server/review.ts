import { isUtf8 } from "node:buffer";
import type { AdmissionRequest } from "../api/admission.ts";
import { isDeeperThan } from "./depth.ts";
import { readEnvelope } from "./envelope.ts";
import { findUid, uidOf } from "./uid.ts";

/** Why there is no request to decide; with a uid it can still be refused inside a review. */
export type Problem = {
  readonly status: 400 | 413 | 415;
  readonly message: string;
  readonly uid?: string;
};

export type Reading = { readonly request: AdmissionRequest } | { readonly problem: Problem };

/** Reads an AdmissionReview out of the bytes of a body. */
export function readReview(bytes: Buffer, depth: number): Reading {
  if (bytes.length === 0) return { problem: { status: 400, message: "The body is empty." } };
  if (!isUtf8(bytes)) return unreadable(bytes, "The body is not UTF-8.");
  if (isDeeperThan(bytes, depth)) {
    return unreadable(bytes, `The body nests deeper than ${depth} levels.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    // The parser's own message quotes the body, which may hold secrets.
    return unreadable(bytes, "The body is not JSON.");
  }
  const envelope = readEnvelope(value);
  if ("review" in envelope) return { request: envelope.review.request };
  const message = `The body is not an AdmissionReview of admission.k8s.io/v1: ${envelope.error}.`;
  return { problem: problem(400, message, uidOf(value)) };
}

/** The problem with a body that was not parsed; its uid is taken from the first bytes. */
export function unreadable(
  head: Buffer,
  message: string,
  status: Problem["status"] = 400,
): { readonly problem: Problem } {
  return { problem: problem(status, message, findUid(head)) };
}

function problem(status: Problem["status"], message: string, uid: string | undefined): Problem {
  return uid === undefined ? { status, message } : { status, message, uid };
}
