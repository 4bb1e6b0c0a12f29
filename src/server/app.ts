import type { Server } from "node:https";
import Fastify, { type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { KeyPair } from "../certificates/pair.ts";
import type { DecisionRecorder, Handlers, Webhook } from "../admission/ports.ts";
import { send, textAnswer } from "./answer.ts";
import { createBodyReader } from "./body.ts";
import { secureContextOptions } from "./certificate.ts";
import { answerClientError } from "./clienterror.ts";
import { createDecide } from "./decide.ts";
import type { Limits } from "./limits.ts";
import { addFallback, addReviewRoute } from "./routes/review.ts";

const webhooks: readonly Webhook[] = ["validate", "mutate", "gate", "namespaces"];

export type AppOptions = {
  /** Looked up for each request, so that a reload swaps them; undefined: not ready yet. */
  readonly handlers: () => Handlers | undefined;
  readonly certificate?: KeyPair | undefined;
  readonly recorder: DecisionRecorder;
  readonly log: Logger;
};

export type App = FastifyInstance<Server>;

/** The HTTPS application: routes that take reviews, and clear words for everything else. */
export function createApp(options: AppOptions, limits: Limits, draining: () => boolean): App {
  const { log } = options;
  const app = Fastify({
    https: {
      ...secureContextOptions(options.certificate),
      // What the API server speaks to a Service; so a loopback URL behaves the same.
      ALPNProtocols: ["http/1.1"],
      handshakeTimeout: limits.handshakeMilliseconds,
      headersTimeout: limits.headersMilliseconds,
      requestTimeout: limits.requestMilliseconds,
      // Node looks for overdue requests only this often.
      connectionsCheckingInterval: Math.min(1_000, limits.requestMilliseconds),
      keepAliveTimeoutBuffer: 5_000,
      noDelay: true,
    },
    requestTimeout: limits.requestMilliseconds,
    // The API server keeps idle connections for 90 s; whoever closes first loses requests.
    keepAliveTimeout: 120_000,
    maxRequestsPerSocket: 0,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    clientErrorHandler: answerClientError,
  });
  app.removeAllContentTypeParsers();
  const readBody = createBodyReader(limits);
  // By its name too: the framework looks up what only `*` covers anew for each request.
  app.addContentTypeParser(["application/json", "*"], (_request, payload, done) =>
    readBody(payload, done),
  );
  app.setErrorHandler(
    (err: { readonly statusCode?: number; readonly message: string }, request, reply) => {
      const status = err.statusCode ?? 500;
      if (status >= 500) log.error({ err, url: request.url }, "a request failed");
      return send(reply, textAnswer(status, err.message), draining());
    },
  );
  const decide = createDecide({ ...options, maxInFlight: limits.inFlight });
  for (const webhook of webhooks) {
    addReviewRoute(app, webhook, { decide, limits, log, draining });
  }
  addFallback(app, draining);
  app.server.on("tlsClientError", (error: NodeJS.ErrnoException) => {
    // Probes that only connect end this way all the time.
    if (error.code !== "ECONNRESET") log.info({ err: error }, "a TLS handshake failed");
  });
  return app;
}
