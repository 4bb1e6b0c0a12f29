import { pino } from "pino";
import { KubeClient } from "../../../src/kube/client.ts";
import { loadConnection } from "../../../src/kube/connection.ts";
import {
  type FakeApiServer,
  type FakeApiServerOptions,
  startFakeApiServer,
} from "../../support/fakeapiserver/server.ts";

export const silent = pino({ level: "silent" });

export type Setup = AsyncDisposable & {
  readonly api: FakeApiServer;
  readonly client: KubeClient;
  readonly signal: AbortSignal;
};

/** A fake API server and a client that gives up after `requestTimeoutMs`. */
export async function setUp(
  options: FakeApiServerOptions & {
    readonly requestTimeoutMs?: number;
    readonly user?: object;
  } = {},
): Promise<Setup> {
  const { requestTimeoutMs = 2000, user, ...rest } = options;
  const { signal } = new AbortController();
  const api = await startFakeApiServer(rest);
  const kubeconfig = api.kubeconfig(user);
  const client = new KubeClient(await loadConnection({ kubeconfig }, signal), { requestTimeoutMs });
  async function dispose(): Promise<void> {
    await client[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  }
  return { api, client, signal, [Symbol.asyncDispose]: dispose };
}

/** Waits until `condition` holds; fails with `describe()` when it does not within `ms`. */
export async function eventually(
  condition: () => boolean,
  describe: () => string,
  ms = 5000,
): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${describe()}`);
    // oxlint-disable-next-line no-await-in-loop -- polling
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
