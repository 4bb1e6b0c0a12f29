import { request as httpsRequest, Agent } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import { connect, type TLSSocket } from "node:tls";
import { once } from "node:events";
import { pino } from "pino";
import { expect } from "vitest";
import type { AdmissionObject } from "../../src/api/admission.ts";
import type { Handlers, Webhook } from "../../src/admission/ports.ts";
import { allowed } from "../../src/admission/responses.ts";
import { createDevelopmentCertificates } from "../../src/certificates/development.ts";
import { createServer, type ServerOptions } from "../../src/server/server.ts";
import { judgeReview } from "../contract/judge.ts";
import { keepDecisions } from "./reviewports.ts";

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Posting = {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly agent?: Agent;
};

/** Handlers that say yes to everything: whatever is refused, the server itself refused. */
export const yes: Handlers = {
  validate: async ({ uid }) => allowed(uid),
  mutate: async ({ uid }) => allowed(uid),
  gate: async ({ uid }) => allowed(uid),
  namespaces: async ({ uid }) => allowed(uid),
};

/** A server on a free port of this machine, and ways to talk to it. */
export async function startServer(options: Partial<ServerOptions> = {}) {
  const names = { names: ["localhost"], addresses: ["127.0.0.1"] };
  const { authority, leaf } = await createDevelopmentCertificates(names, new Date());
  const recorder = keepDecisions();
  const server = createServer({
    handlers: () => yes,
    certificate: leaf,
    recorder,
    log: pino({ level: "silent" }),
    ...options,
  });
  const { port } = await server.start({ host: "127.0.0.1", port: 0 });
  const target = { host: "127.0.0.1", port, ca: authority };

  async function send(path: string, body: string | Buffer, posting: Posting = {}) {
    const { method = "POST", headers = { "content-type": "application/json" }, agent } = posting;
    return new Promise<HttpAnswer>((resolve, reject) => {
      const asking = httpsRequest({ ...target, path, method, headers, agent: agent ?? false });
      asking.on("error", reject);
      asking.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      });
      asking.end(body);
    });
  }

  /** Sends raw bytes over TLS; the socket is the caller's to end. */
  async function open(): Promise<TLSSocket> {
    const socket = connect({ ...target, servername: "localhost", ALPNProtocols: ["http/1.1"] });
    await once(socket, "secureConnect");
    return socket;
  }

  return {
    server,
    send,
    open,
    target,
    decisions: recorder.decisions,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The response of a review that was answered by 200, after the judge has accepted it. */
export function reviewIn(
  answer: HttpAnswer,
  asked: { webhook: Webhook; uid: string; object?: AdmissionObject | null },
): { readonly [field: string]: unknown } {
  expect(answer.status).toBe(200);
  expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
  const review: unknown = JSON.parse(answer.body);
  expect(judgeReview(asked, review)).toEqual([]);
  return Object(Object(review)["response"]);
}

/** Everything that a socket receives until the other side ends it. */
export async function readAll(socket: TLSSocket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
