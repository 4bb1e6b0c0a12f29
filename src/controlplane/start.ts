import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { startApiServer, type ApiServer } from "./apiserver.ts";
import type { Assets } from "./assets.ts";
import { startControllerManager } from "./controllermanager.ts";
import { createCredentials } from "./credentials.ts";
import { startEtcd } from "./etcd.ts";
import type { Flags } from "./flags.ts";
import { withFreePort } from "./freeport.ts";
import { adminIdentity, controllerManagerIdentity, type Identity } from "./identity.ts";
import type { SupervisedProcess } from "./process.ts";

export type ControlPlaneOptions = Readonly<{
  assets: Assets;
  log: Logger;
  /** Kept when given; without it a temporary one is made, and removed by `stop`. */
  directory?: string;
  /** Beside the administrator. */
  users?: readonly Identity[];
  apiServerFlags?: Flags;
}>;

export type ControlPlane = Readonly<{
  url: string;
  /** The PEM certificates that verify the API server. */
  ca: string;
  directory: string;
  etcdUrl: string;
  assets: Assets;
  /** The administrator's kubeconfig. */
  kubeconfig: string;
  /** The kubeconfig of one of `users`, by its short name. */
  userKubeconfig: (name: string) => string;
  /** SIGKILL; state stays in etcd. */
  killApiServer: () => Promise<void>;
  /** Starts the API server again on the same port, and returns when it is ready. */
  startApiServer: (signal: AbortSignal) => Promise<void>;
  stop: () => Promise<void>;
}>;

/** Starts etcd, kube-apiserver and, where there is one, kube-controller-manager on loopback. */
export async function startControlPlane(
  options: ControlPlaneOptions,
  signal: AbortSignal,
): Promise<ControlPlane> {
  const temporary =
    options.directory === undefined
      ? await mkdtemp(join(tmpdir(), "ringfence-controlplane-"))
      : undefined;
  const running: SupervisedProcess[] = [];
  const stop = async (): Promise<void> => {
    const [etcd, ...stateless] = running;
    await Promise.all(stateless.map((process) => process.kill()));
    await etcd?.stop();
    if (temporary !== undefined) {
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
    }
  };
  try {
    const directory = options.directory ?? temporary ?? "";
    return await startParts(options, { directory, temporary, running, stop }, signal);
  } catch (error) {
    await stop();
    throw error;
  }
}

type Frame = Readonly<{
  directory: string;
  temporary: string | undefined;
  /** In the order of their start; what is in it gets stopped. */
  running: SupervisedProcess[];
  stop: () => Promise<void>;
}>;

async function startParts(
  { assets, log, users = [], apiServerFlags = {} }: ControlPlaneOptions,
  { directory, temporary, running, stop }: Frame,
  signal: AbortSignal,
): Promise<ControlPlane> {
  const credentials = await createCredentials(directory, users);
  const add = (process: SupervisedProcess): void => {
    running.push(process);
    void tellEnd(process, log);
  };

  const etcd = await startEtcd(assets.etcd, directory, temporary, signal);
  add(etcd.process);
  const launch = (port: number, abort: AbortSignal): Promise<ApiServer> =>
    startApiServer(
      {
        binary: assets.kubeApiServer,
        directory,
        temporaryDirectory: temporary,
        port,
        etcdUrl: etcd.url,
        flags: apiServerFlags,
        adminToken: credentials.adminToken,
      },
      abort,
    );
  let apiServer = await withFreePort((port) => launch(port, signal));
  add(apiServer.process);
  const { ca, port } = apiServer;
  const url = `https://127.0.0.1:${port}`;
  await credentials.writeKubeconfigs(url, ca);
  if (assets.kubeControllerManager !== undefined) {
    const kubeconfig = credentials.kubeconfigOf(controllerManagerIdentity.name);
    const binary = assets.kubeControllerManager;
    add(await startControllerManager(binary, directory, temporary, kubeconfig));
  }
  log.info({ url, version: assets.version, etcd: assets.etcdVersion }, "control plane started");
  return {
    url,
    ca,
    directory,
    etcdUrl: etcd.url,
    assets,
    kubeconfig: credentials.kubeconfigOf(adminIdentity.name),
    userKubeconfig: credentials.kubeconfigOf,
    killApiServer: () => apiServer.process.kill(),
    startApiServer: async (abort) => {
      if (!apiServer.process.hasEnded()) throw new Error("kube-apiserver is still running");
      running.splice(running.indexOf(apiServer.process), 1);
      apiServer = await launch(port, abort);
      add(apiServer.process);
    },
    stop,
  };
}

async function tellEnd(process: SupervisedProcess, log: Logger): Promise<void> {
  const how = await process.ended;
  if (process.wasToldToEnd()) return;
  log.error({ process: process.name, how }, "process ended by itself");
}
