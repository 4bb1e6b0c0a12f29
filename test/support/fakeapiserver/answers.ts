import type { ServerResponse } from "node:http";

/** A refusal in the shape of `metav1.Status`. */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: object;

  constructor(code: number, reason: string, message: string, details: object = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export function sendJson(response: ServerResponse, code: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(code, { "content-type": "application/json" }).end(text);
}

export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  sendJson(response, refusal.code, statusOf(refusal));
}

export function statusOf({ code, reason, message, details }: Refusal): object {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    code,
    reason,
    message,
    details,
  };
}

export function notFound(what: string): Refusal {
  return new Refusal(404, "NotFound", `${what} not found`);
}

/** A continue token of a version that a restored store has not reached yet. */
export function future(): Refusal {
  const message = "etcdserver: mvcc: required revision is a future revision";
  return new Refusal(500, "InternalError", message);
}

export function expired(): Refusal {
  return new Refusal(410, "Expired", "too old resource version");
}
