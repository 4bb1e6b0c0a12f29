import type { FastifyReply } from "fastify";
import type { AdmissionResponse } from "../api/admission.ts";
import { malformed } from "../admission/responses.ts";
import type { Problem } from "./review.ts";

/** One HTTP answer. */
export type Answer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: { readonly [name: string]: string };
  /** Ends the connection after this answer. */
  readonly close?: boolean;
};

/** An answer inside a review: always 200, because any other status is a bypass under `Ignore`. */
export function reviewAnswer(response: AdmissionResponse): Answer {
  const body = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":${JSON.stringify(response)}}`;
  return { status: 200, contentType: "application/json; charset=utf-8", body };
}

/** The answer to what cannot be decided: a refusal where there is a uid to give it to. */
export function problemAnswer({ status, message, uid }: Problem): Answer {
  return uid === undefined
    ? textAnswer(status, message)
    : reviewAnswer(malformed(uid, message, status));
}

/** An answer for people and for whoever is not an API server. */
export function textAnswer(
  status: number,
  message: string,
  headers?: { readonly [name: string]: string },
): Answer {
  const answer = { status, contentType: "text/plain; charset=utf-8", body: `${message}\n` };
  return headers ? { ...answer, headers } : answer;
}

/** Not now: with an integer `Retry-After` the API server calls again inside its own deadline. */
export function busyAnswer(message: string): Answer {
  return { ...textAnswer(503, message, { "retry-after": "1" }), close: true };
}

/** Sends an answer; while draining each one ends its connection. */
export function send(reply: FastifyReply, answer: Answer, draining: boolean): FastifyReply {
  if (answer.headers) reply.headers(answer.headers);
  if (draining || answer.close) reply.header("connection", "close");
  return reply.code(answer.status).header("content-type", answer.contentType).send(answer.body);
}
