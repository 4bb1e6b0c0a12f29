import Fastify, { type FastifyInstance } from "fastify";
import { listen } from "./listen.ts";

/** One condition of readiness; the check tells what is missing, or nothing. */
export type HealthCheck = { readonly name: string; readonly check: () => string | undefined };

/**
 * The plain HTTP server for probes, apart from the webhook's, so that trouble with certificates does
 * not make the kubelet kill a process that could mend it. Metrics and pages register on `app`.
 */
export class HealthServer {
  readonly app: FastifyInstance;

  constructor(checks: () => readonly HealthCheck[]) {
    this.app = Fastify({ return503OnClosing: false });
    // That this answers at all is the proof: the event loop turns.
    this.app.get("/livez", (_request, reply) => reply.type("text/plain").send("ok\n"));
    this.app.get("/readyz", (_request, reply) => {
      const results = checks().map(({ name, check }) => ({ name, missing: outcome(check) }));
      const ready = results.every(({ missing }) => missing === undefined);
      const lines = results.map(({ name, missing }) =>
        missing === undefined ? `[+] ${name}: ok` : `[-] ${name}: ${missing}`,
      );
      const body = [...lines, ready ? "ready" : "not ready", ""].join("\n");
      return reply
        .code(ready ? 200 : 503)
        .type("text/plain")
        .send(body);
    });
  }

  /** Listens on one address (all of them by default) and tells the port, which matters for port 0. */
  async start({ host = "::", port }: { host?: string; port: number }): Promise<{ port: number }> {
    return listen(this.app, host, port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.app.close();
    this.app.server.closeAllConnections();
    await closed;
  }
}

/** Creates the health server; the checks are looked up for each probe. */
export function createHealthServer(checks: () => readonly HealthCheck[]): HealthServer {
  return new HealthServer(checks);
}

function outcome(check: HealthCheck["check"]): string | undefined {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
