import { setTimeout as sleep } from "node:timers/promises";
import type { KeyPair } from "../certificates/pair.ts";
import { createApp, type App, type AppOptions } from "./app.ts";
import { checkPair, secureContextOptions } from "./certificate.ts";
import { listen } from "./listen.ts";
import { defaultLimits, type Limits } from "./limits.ts";

export type ServerOptions = AppOptions & { readonly limits?: Partial<Limits> };

/** The webhook's HTTPS server. */
export class WebhookServer {
  readonly #app: App;
  #draining = false;
  #active = 0;
  #lastRequestAt = 0;

  constructor(options: ServerOptions) {
    const limits = { ...defaultLimits, ...options.limits };
    this.#app = createApp(options, limits, () => this.#draining);
    this.#app.server.on("request", (_request, response) => {
      this.#active += 1;
      this.#lastRequestAt = performance.now();
      response.once("close", () => {
        this.#active -= 1;
      });
    });
  }

  /** Listens on one address (all of them by default) and tells the port, which matters for port 0. */
  async start({ host = "::", port }: { host?: string; port: number }): Promise<{ port: number }> {
    return listen(this.#app, host, port);
  }

  /** Serves another certificate from the next handshake on; a bad pair changes nothing. */
  setCertificate(pair: KeyPair): Error | undefined {
    const error = checkPair(pair);
    if (error === undefined) this.#app.server.setSecureContext(secureContextOptions(pair));
    return error;
  }

  /**
   * Goes on deciding, but ends each connection with its next answer. Resolves once nothing is in
   * flight and nothing came for a while (others have taken over), or at the signal.
   */
  async drain(quietMilliseconds: number, signal: AbortSignal): Promise<void> {
    this.#draining = true;
    this.#lastRequestAt = performance.now();
    const step = Math.min(50, quietMilliseconds);
    while (!signal.aborted) {
      const quiet = performance.now() - this.#lastRequestAt >= quietMilliseconds;
      if (quiet && this.#active === 0) return;
      await sleep(step, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Stops at once; what is still in flight is lost, so drain first. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#app.close();
    this.#app.server.closeAllConnections();
    await closed;
  }
}

/** Creates the webhook's HTTPS server; it listens after `start`. */
export function createServer(options: ServerOptions): WebhookServer {
  return new WebhookServer(options);
}
