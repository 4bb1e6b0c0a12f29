import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Webhook } from "../../admission/ports.ts";
import { busyAnswer, problemAnswer, send, textAnswer, type Answer } from "../answer.ts";
import type { Body } from "../body.ts";
import { parseTimeout } from "../deadline.ts";
import type { Decide } from "../decide.ts";
import { onlyInforms } from "../informing.ts";
import type { Limits } from "../limits.ts";
import { readReview, unreadable, type Problem } from "../review.ts";

export type ReviewRouteDeps = {
  readonly decide: Decide;
  readonly limits: Limits;
  readonly log: Logger;
  readonly draining: () => boolean;
};

type ReviewRequest = FastifyRequest<{ Body: Body | undefined; Querystring: { timeout?: unknown } }>;

/** `POST /v1/<webhook>`: an AdmissionReview in, an AdmissionReview out. */
export function addReviewRoute(
  app: FastifyInstance,
  webhook: Webhook,
  deps: ReviewRouteDeps,
): void {
  app.post(`/v1/${webhook}`, async (request: ReviewRequest, reply) => {
    const answer = await answerReview(webhook, request, deps);
    return send(reply, answer, deps.draining());
  });
}

async function answerReview(
  webhook: Webhook,
  { body, headers, query, ip }: ReviewRequest,
  { decide, limits, log }: ReviewRouteDeps,
): Promise<Answer> {
  if (body && "shed" in body) return busyAnswer("Ringfence is overloaded.");
  const reading =
    refuseByHeaders(headers, body) ??
    (body && "head" in body
      ? unreadable(body.head, `The body is larger than ${limits.bodyBytes} bytes.`, 413)
      : readReview(body?.bytes ?? Buffer.alloc(0), limits.depth));
  if ("problem" in reading) {
    logProblem(log, webhook, ip, reading.problem);
    const { status, message } = reading.problem;
    // An HTTP error lets the API server go on, which is right where nothing is ever refused.
    const answer = onlyInforms(webhook)
      ? textAnswer(status, message)
      : problemAnswer(reading.problem);
    return body && "head" in body && body.unread ? { ...answer, close: true } : answer;
  }
  const startedAt = body?.startedAt ?? performance.now();
  const rest = parseTimeout(query.timeout) - (performance.now() - startedAt);
  return decide(webhook, reading.request, rest);
}

/** Bodies that are not plain JSON are not read, but answered where a uid shows in them. */
function refuseByHeaders(
  headers: ReviewRequest["headers"],
  body: Body | undefined,
): { readonly problem: Problem } | undefined {
  const encoding = headers["content-encoding"];
  const contentType = headers["content-type"];
  let message: string | undefined;
  if (encoding !== undefined && encoding !== "identity") {
    message = "The body must not be compressed: Content-Encoding is not accepted.";
  } else if (contentType === undefined || !isJson(contentType)) {
    message = "The body must be JSON: send Content-Type: application/json.";
  }
  if (message === undefined) return undefined;
  const head = !body || "shed" in body ? Buffer.alloc(0) : "head" in body ? body.head : body.bytes;
  return unreadable(head, message, 415);
}

function isJson(contentType: string): boolean {
  if (contentType === "application/json") return true;
  const [mediaType = ""] = contentType.split(";", 1);
  return mediaType.trim().toLowerCase() === "application/json";
}

function logProblem(log: Logger, webhook: Webhook, ip: string, problem: Problem): void {
  const { status, message, uid } = problem;
  log.warn({ webhook, ip, status, uid, problem: message }, "a review could not be read");
}

/** Any other path or method, said clearly. */
export function addFallback(app: FastifyInstance, draining: () => boolean): void {
  app.setNotFoundHandler((request, reply) => {
    const [path = ""] = request.url.split("?", 1);
    const answer = app.hasRoute({ method: "POST", url: path })
      ? textAnswer(405, "Reviews are sent by POST.", { allow: "POST" })
      : textAnswer(
          404,
          "There is nothing here: reviews go to /v1/validate, /v1/mutate, /v1/gate, /v1/namespaces.",
        );
    return send(reply, answer, draining());
  });
}
