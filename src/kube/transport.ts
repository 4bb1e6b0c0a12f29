import { Agent, type Dispatcher, ProxyAgent } from "undici";
import type { Connection } from "./connection.ts";
import type { TlsMaterial } from "./tls.ts";

export type Request = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query below the server's URL. */
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
};

export type Response = Dispatcher.ResponseData;
export type Lane = "requests" | "watches";
type Agents = { readonly [lane in Lane]: Dispatcher };

/** Two long-lived connection pools, made anew when the CA or the client certificate changes. */
export class Transport {
  readonly #connection: Connection;
  readonly #open = new Set<Dispatcher>();
  #current: { readonly tls: TlsMaterial; readonly agents: Agents } | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Resolves with the headers of the answer; a 401 is tried once more with fresh credentials. */
  async send(request: Request, lane: Lane, signal: AbortSignal): Promise<Response> {
    const response = await this.#attempt(request, lane, false, signal);
    if (response.statusCode !== 401) return response;
    await response.body.dump();
    return this.#attempt(request, lane, true, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open].map((agent) => agent.destroy()));
    this.#open.clear();
    this.#current = undefined;
  }

  async #attempt(
    request: Request,
    lane: Lane,
    fresh: boolean,
    signal: AbortSignal,
  ): Promise<Response> {
    const { server, credentials } = this.#connection;
    const { tls, headers } = await credentials(fresh, signal);
    const { [lane]: agent } = this.#agents(tls);
    return agent.request({
      origin: server.origin,
      method: request.method,
      path: server.pathname.replace(/\/$/, "") + request.path,
      headers: {
        "user-agent": "ringfence",
        accept: "application/json",
        ...request.headers,
        ...headers,
      },
      signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
  }

  #agents(tls: TlsMaterial): Agents {
    if (this.#current?.tls === tls) return this.#current.agents;
    if (this.#current) for (const lane of Object.values(this.#current.agents)) this.#retire(lane);
    const agents = {
      // More connections than this only add TLS handshakes to a burst.
      requests: createAgent(this.#connection.proxy, tls, 16),
      watches: createAgent(this.#connection.proxy, tls, null),
    };
    for (const agent of Object.values(agents)) this.#open.add(agent);
    this.#current = { tls, agents };
    return agents;
  }

  /** What is in flight ends in its own time; a watch lives for minutes at most. */
  #retire(agent: Dispatcher): void {
    void agent.close().then(() => this.#open.delete(agent));
  }
}

function createAgent(
  proxy: string | undefined,
  tls: TlsMaterial,
  connections: number | null,
): Dispatcher {
  const options = {
    connections,
    // With HTTP/2 a dead connection outlives the request that timed out on it;
    // with HTTP/1.1 aborting the request closes the connection.
    allowH2: false,
    // A connection that died while it was idle is not used again; the API server closes them after 90 s.
    keepAliveTimeout: 10_000,
    // Every request has a deadline of its own, and a watch may be silent for a minute.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  // A peer that vanished is noticed by the kernel after about 20 s.
  const connect = { ...tls, timeout: 5000, keepAlive: true, keepAliveInitialDelay: 10_000 };
  if (proxy === undefined) return new Agent({ ...options, connect });
  return new ProxyAgent({ ...options, uri: proxy, requestTls: { ...tls } });
}
