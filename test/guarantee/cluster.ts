import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApiServer, startApiServer } from "../../src/controlplane/apiserver.ts";
import type { Assets } from "../../src/controlplane/assets.ts";
import { startControllerManager } from "../../src/controlplane/controllermanager.ts";
import { createCredentials, type Credentials } from "../../src/controlplane/credentials.ts";
import type { Flags } from "../../src/controlplane/flags.ts";
import { withFreePort } from "../../src/controlplane/freeport.ts";
import { controllerManagerIdentity } from "../../src/controlplane/identity.ts";
import { auditFlags, testUsers } from "../support/controlplane.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { type Store, startStore } from "./store.ts";

/** One kube-apiserver, and what leads to it and away from it. */
export type Server = {
  /** The administrator's kubeconfig, straight to it. */
  readonly kubeconfig: string;
  /** Ringfence's, by way of `link`. */
  readonly ringfenceKubeconfig: string;
  /** Between Ringfence and this server. */
  readonly link: Proxy;
  /** Between this server and etcd; connections for NetworkPolicies are marked. */
  readonly storeLink: Proxy;
  readonly auditLog: string;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
  /** On the same port; resolves when it is ready. */
  readonly start: (signal: AbortSignal) => Promise<void>;
};

export type Cluster = {
  readonly assets: Assets;
  readonly directory: string;
  readonly store: Store;
  readonly servers: readonly [Server, ...Server[]];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type ClusterOptions = {
  /** kube-apiservers on the one etcd; 1 when absent. */
  readonly servers?: 1 | 2;
  /** Deletes namespaces, and makes pods of deployments. */
  readonly controllerManager?: boolean;
  readonly apiServerFlags?: Flags;
};

const storageFlags: Flags = {
  // What etcd holds can then be read, and changed behind everybody's back.
  "storage-media-type": "application/json",
  // Services lead to the addresses of their endpoints: nothing here routes a cluster address.
  "enable-aggregator-routing": "true",
};

/** A control plane whose every part and connection can be broken; it leaves nothing behind. */
export async function startCluster(
  assets: Assets,
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<Cluster> {
  const directory = await mkdtemp(join(tmpdir(), "ringfence-guarantee-"));
  const ends: (() => Promise<unknown>)[] = [
    () => rm(directory, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const end = async (): Promise<void> => {
    for (const one of ends.toReversed()) await one();
  };
  try {
    const credentials = await createCredentials(directory, testUsers);
    const store = await startStore(assets.etcd, directory, signal);
    ends.push(store[Symbol.asyncDispose]);
    const place = { assets, directory, credentials, store, ends };
    const first = await addServer("server-0", place, options, signal);
    const more = options.servers === 2 ? [await addServer("server-1", place, options, signal)] : [];
    if (options.controllerManager) {
      if (assets.kubeControllerManager === undefined) throw new Error("no kube-controller-manager");
      const kubeconfig = join(directory, "server-0", "kube-controller-manager.kubeconfig");
      const binary = assets.kubeControllerManager;
      const manager = await startControllerManager(binary, directory, directory, kubeconfig);
      ends.push(manager.kill);
    }
    return { assets, directory, store, servers: [first, ...more], [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

type Place = {
  readonly assets: Assets;
  readonly directory: string;
  readonly credentials: Credentials;
  readonly store: Store;
  readonly ends: (() => Promise<unknown>)[];
};

async function addServer(
  name: string,
  { assets, directory, credentials, store, ends }: Place,
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<Server> {
  const own = join(directory, name);
  await mkdir(own, { recursive: true });
  const storeLink = await startProxy(store.port, "/registry/networkpolicies/");
  ends.push(storeLink[Symbol.asyncDispose]);
  const key = join(directory, "service-account.key");
  const launch = (port: number, abort: AbortSignal): Promise<ApiServer> =>
    startApiServer(
      {
        binary: assets.kubeApiServer,
        directory: own,
        temporaryDirectory: directory,
        port,
        etcdUrl: `http://127.0.0.1:${storeLink.port}`,
        flags: {
          "token-auth-file": join(directory, "tokens.csv"),
          "service-account-key-file": key,
          "service-account-signing-key-file": key,
          ...storageFlags,
          ...auditFlags,
          ...options.apiServerFlags,
        },
        adminToken: credentials.adminToken,
      },
      abort,
    );
  let server = await withFreePort((port) => launch(port, signal));
  ends.push(() => server.process.kill());
  const { port } = server;
  const link = await startProxy(port);
  ends.push(link[Symbol.asyncDispose]);
  await credentials.writeKubeconfigs(`https://127.0.0.1:${port}`, server.ca);
  const manager = controllerManagerIdentity.name;
  for (const user of ["admin", manager]) {
    await copyFile(credentials.kubeconfigOf(user), join(own, `${user}.kubeconfig`));
  }
  const text = await readFile(credentials.kubeconfigOf("ringfence-dev"), "utf8");
  const linked = text.replace(`127.0.0.1:${port}`, `127.0.0.1:${link.port}`);
  const ringfenceKubeconfig = join(own, "ringfence.kubeconfig");
  await writeFile(ringfenceKubeconfig, linked, { mode: 0o600 });
  return {
    kubeconfig: join(own, "admin.kubeconfig"),
    ringfenceKubeconfig,
    link,
    storeLink,
    auditLog: join(own, "audit.log"),
    kill: () => server.process.kill(),
    start: async (abort) => {
      server = await launch(port, abort);
    },
  };
}
