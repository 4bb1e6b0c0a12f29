import { join } from "node:path";
import { renderFlags } from "./flags.ts";
import { withFreePort } from "./freeport.ts";
import { startProcess, type SupervisedProcess } from "./process.ts";
import { probe, waitUntil } from "./readiness.ts";

export type Etcd = Readonly<{ url: string; process: SupervisedProcess }>;

/** Starts a single etcd on loopback; it does not sync its disk writes, a crash of the machine loses data. */
export function startEtcd(
  binary: string,
  directory: string,
  temporaryDirectory: string | undefined,
  signal: AbortSignal,
): Promise<Etcd> {
  return withFreePort((port) => startEtcdOn(port, binary, directory, temporaryDirectory, signal));
}

/** The same on a given port. */
export async function startEtcdOn(
  port: number,
  binary: string,
  directory: string,
  temporaryDirectory: string | undefined,
  signal: AbortSignal,
): Promise<Etcd> {
  const url = `http://127.0.0.1:${port}`;
  const process = await startProcess({
    name: "etcd",
    file: binary,
    args: renderFlags({
      "data-dir": join(directory, "etcd"),
      "listen-client-urls": url,
      "advertise-client-urls": url,
      "listen-peer-urls": "http://127.0.0.1:0",
      "unsafe-no-fsync": "true",
      "log-level": "warn",
    }),
    directory,
    logFile: join(directory, "logs", "etcd.log"),
    temporaryDirectory,
  });
  const isHealthy = async (): Promise<boolean> =>
    (await probe(`${url}/health`))?.body.includes('"health":"true"') === true;
  try {
    await waitUntil(isHealthy, process, 30_000, signal);
  } catch (error) {
    await process.kill();
    throw error;
  }
  return { url, process };
}
