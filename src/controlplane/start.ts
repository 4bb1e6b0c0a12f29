import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { startApiServer, type ApiServer } from "./apiserver.ts";
import type { Assets } from "./assets.ts";
import { startControllerManager } from "./controllermanager.ts";
import { startEtcd } from "./etcd.ts";
import type { Flags } from "./flags.ts";
import { findFreePort } from "./freeport.ts";
import {
  adminIdentity,
  controllerManagerIdentity,
  renderKubeconfig,
  renderTokenFile,
  withToken,
  type Identity,
} from "./identity.ts";
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
  const { assets, log } = options;
  const temporary =
    options.directory === undefined
      ? await mkdtemp(join(tmpdir(), "ringfence-controlplane-"))
      : undefined;
  const directory = options.directory ?? temporary ?? "";
  const running: SupervisedProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const process of running.toReversed()) await process.stop();
    if (temporary !== undefined)
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const identities = [adminIdentity, controllerManagerIdentity, ...(options.users ?? [])].map(
      withToken,
    );
    await writeSecret(join(directory, "tokens.csv"), renderTokenFile(identities));
    await writeSecret(join(directory, "service-account.key"), newSigningKey());

    const etcd = await startEtcd(assets.etcd, directory, temporary, signal);
    running.push(etcd.process);
    const port = await findFreePort();
    const url = `https://127.0.0.1:${port}`;
    const launch = (abort: AbortSignal): Promise<ApiServer> =>
      startApiServer(
        {
          binary: assets.kubeApiServer,
          directory,
          temporaryDirectory: temporary,
          port,
          etcdUrl: etcd.url,
          flags: options.apiServerFlags ?? {},
          adminToken: identities[0]?.token ?? "",
        },
        abort,
      );
    let apiServer = await launch(signal);
    running.push(apiServer.process);
    const { ca } = apiServer;
    const userKubeconfig = (name: string): string => {
      if (identities.every((identity) => identity.name !== name)) {
        throw new Error(`the control plane was started without a user named ${name}`);
      }
      return join(directory, `${name}.kubeconfig`);
    };
    for (const identity of identities) {
      await writeSecret(userKubeconfig(identity.name), renderKubeconfig(url, ca, identity));
    }
    if (assets.kubeControllerManager !== undefined) {
      const kubeconfig = userKubeconfig(controllerManagerIdentity.name);
      running.push(
        await startControllerManager(
          assets.kubeControllerManager,
          directory,
          temporary,
          kubeconfig,
        ),
      );
    }
    for (const process of running) {
      void process.ended.then((how) => log.debug({ process: process.name, how }, "process ended"));
    }
    log.info({ url, version: assets.version, etcd: assets.etcdVersion }, "control plane started");
    return {
      url,
      ca,
      directory,
      etcdUrl: etcd.url,
      assets,
      kubeconfig: userKubeconfig(adminIdentity.name),
      userKubeconfig,
      killApiServer: () => apiServer.process.kill(),
      startApiServer: async (abort) => {
        if (!apiServer.process.hasEnded()) throw new Error("kube-apiserver is still running");
        const ended = running.indexOf(apiServer.process);
        apiServer = await launch(abort);
        running.splice(ended, 1, apiServer.process);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function writeSecret(file: string, content: string): Promise<void> {
  return writeFile(file, content, { mode: 0o600 });
}

function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "sec1", format: "pem" }).toString();
}
