import { unlessAborted, withDeadline } from "./abort.ts";
import { createAuthentication, type Headers } from "./authentication.ts";
import { systemClock, type Clock } from "./clock.ts";
import { type Environment, inClusterTarget } from "./incluster.ts";
import { readKubeconfig, type Target } from "./kubeconfig.ts";
import type { Log } from "./log.ts";
import { readTls, sameTls, type TlsMaterial } from "./tls.ts";

export type ConnectionOptions = {
  /** A path (or path list), `in-cluster`, or the contents of a kubeconfig. */
  readonly kubeconfig: string;
  readonly context?: string;
  /** Read for `in-cluster` only. */
  readonly environment?: Environment;
  /** Warned when a changed file or a plugin fails and the last good credentials stay in use. */
  readonly log?: Log;
  readonly clock?: Clock;
};

/** Where the API server is, and what each request must carry. */
export type Connection = {
  readonly server: URL;
  readonly proxy: string | undefined;
  /** Where all this was read, for messages. */
  readonly source: string;
  readonly namespace: string | undefined;
  /** The credentials of this moment; `fresh` asks everything again, after a 401. */
  readonly credentials: (fresh: boolean, signal: AbortSignal) => Promise<Credentials>;
};

/** `tls` is the same object as long as nothing in it changed. */
export type Credentials = { readonly tls: TlsMaterial; readonly headers: Headers };

/** Files are looked at again after this long: a rotated token or CA is noticed within seconds. */
const rereadMs = 10_000;
/** An exec plugin that asks for a password on a terminal nobody watches must not hang us. */
const authenticationMs = 60_000;

/** Loads a connection and checks it as far as that is possible without the network. */
export async function loadConnection(
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const target =
    options.kubeconfig === "in-cluster"
      ? await inClusterTarget(options.environment ?? {})
      : await readKubeconfig(options.kubeconfig, options.context);
  const server = serverOf(target);
  const credentials = await createCredentials(target, options);
  await credentials(false, signal);
  const { source, namespace } = target;
  return { server, proxy: proxyOf(target), source, namespace, credentials };
}

async function createCredentials(
  target: Target,
  { clock = systemClock, log }: ConnectionOptions,
): Promise<Connection["credentials"]> {
  let identify = await createAuthentication(target);
  let last: { readonly credentials: Credentials; readonly at: number } | undefined;
  let pending: Promise<Credentials> | undefined;

  async function read(fresh: boolean): Promise<Credentials> {
    try {
      // A new authentication forgets what plugins have cached.
      if (fresh) identify = await createAuthentication(target);
      const { headers, pair } = await identify();
      const tls = await readTls(target, pair);
      const kept = last && sameTls(last.credentials.tls, tls) ? last.credentials.tls : tls;
      last = { credentials: { tls: kept, headers }, at: clock.now() };
    } catch (error) {
      if (fresh || last === undefined) throw error;
      log?.warn({ err: error }, "credentials could not be read again, the last ones stay in use");
      last = { ...last, at: clock.now() };
    }
    return last.credentials;
  }

  return async (fresh, signal) => {
    if (!fresh && last !== undefined && clock.now() - last.at < rereadMs) return last.credentials;
    pending ??= read(fresh).finally(() => (pending = undefined));
    const shared = pending;
    const wait = (limited: AbortSignal) => unlessAborted(shared, limited);
    return withDeadline(clock, authenticationMs, wait, signal);
  };
}

function serverOf({ source, cluster }: Target): URL {
  const name = `${source}: server ${JSON.stringify(cluster.server)} of cluster "${cluster.name}"`;
  if (!URL.canParse(cluster.server)) throw new Error(`${name} is not a URL`);
  const url = new URL(cluster.server);
  if (url.protocol === "https:") return url;
  if (url.protocol !== "http:") throw new Error(`${name} is neither https nor http`);
  // Tokens in clear text: only to this machine, as for `kubectl proxy`.
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname))
    throw new Error(`${name} is not encrypted; http is accepted for a loopback address only`);
  return url;
}

function proxyOf({ source, cluster }: Target): string | undefined {
  const proxy = cluster.proxyUrl;
  if (!proxy) return undefined;
  if (/^https?:\/\//.test(proxy) && URL.canParse(proxy)) return proxy;
  throw new Error(
    `${source}: proxy-url ${JSON.stringify(proxy)} of cluster "${cluster.name}" is not an http or https URL; other proxies are not supported`,
  );
}
