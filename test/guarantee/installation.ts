// Ringfence as a cluster runs it: webhook and controller are processes of their own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { parseExclusion } from "../../src/api/excluded.ts";
import { systemNamespace } from "../../src/api/names.ts";
import { withFreePort } from "../../src/controlplane/freeport.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { systemClock } from "../../src/kube/clock.ts";
import { loadConnection } from "../../src/kube/connection.ts";
import { cacheAnchor } from "../../src/registration/cacheanchor.ts";
import { registration } from "../../src/registration/registration.ts";
import { loadSettings } from "../../src/wiring/settings.ts";
import { whenInForce } from "../../src/wiring/inforce.ts";
import { register } from "../../src/wiring/registrar.ts";
import { findServedApis, registrationOptions } from "../../src/wiring/registrationoptions.ts";
import type { Cluster } from "./cluster.ts";

const source = new URL("../../src/main.ts", import.meta.url).pathname;
const service = "ringfence-webhook";
const sliceKey = `/registry/endpointslices/${systemNamespace}/${service}`;

/** One process of Ringfence. */
export type Replica = {
  readonly name: string;
  readonly process: ChildProcess;
  /** From its start until it said that it is ready. */
  readonly readyMs: number;
  readonly lines: () => readonly { readonly [field: string]: unknown }[];
  readonly kill: () => Promise<void>;
};

export type Installation = {
  readonly startWebhook: () => Promise<Replica>;
  readonly startController: (identity: string, options?: readonly string[]) => Promise<Replica>;
  /** The first API server applies what is registered; a webhook must be there. */
  readonly whenInForce: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/**
 * Registers what the chart registers, for a Service whose only endpoint is on this machine.
 * `program` is the file that Node runs, after options of Node's own.
 */
export async function install(
  cluster: Cluster,
  signal: AbortSignal,
  program: readonly string[] = [source],
): Promise<Installation> {
  const [{ kubeconfig, ringfenceKubeconfig }] = cluster.servers;
  // Not Ringfence's own name: what it applies later would take away all else.
  const connection = await loadConnection({ kubeconfig }, signal);
  await using client = new KubeClient(connection, { fieldManager: "helm" });
  const running: Replica[] = [];
  await client.apply(`/api/v1/namespaces/${systemNamespace}`, ownNamespace, {}, signal);
  const services = `/api/v1/namespaces/${systemNamespace}/services`;
  await client.create<object>(services, webhookService, {}, signal);
  const objects = registration(
    registrationOptions(
      await loadSettings(undefined, signal),
      await findServedApis(client, signal),
      {
        endpoint: { service: { namespace: systemNamespace, name: service } },
        caBundle: "",
        ownNamespace: systemNamespace,
        controller: `system:serviceaccount:${systemNamespace}:ringfence-dev`,
        failurePolicy: "Fail",
      },
    ),
  );
  const log = pino({ level: "silent" });
  await register(client, [...cacheAnchor(), ...objects], log, signal);

  const start = async (name: string, args: readonly string[]): Promise<Replica> => {
    const place = [`--kubeconfig=${ringfenceKubeconfig}`, `--namespace=${systemNamespace}`];
    const replica = await startReplica(name, [...program, ...args, ...place], signal);
    running.push(replica);
    return replica;
  };
  return {
    startWebhook: async () => {
      const port = await freePort();
      // The API refuses an endpoint on loopback, and etcd takes what it gets.
      await cluster.store.put(sliceKey, JSON.stringify(endpointSlice(port)));
      return start("webhook", ["webhook", "--listen=127.0.0.1", `--port=${port}`]);
    },
    startController: (identity, options = []) =>
      start(identity, ["controller", `--identity=${identity}`, ...options]),
    whenInForce: async () => {
      await using asking = new KubeClient(connection);
      const isApplied = await whenInForce(asking, parseExclusion([]), systemClock, signal);
      if (!isApplied) throw new Error("the API server does not apply what is registered");
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(running.map((replica) => replica.kill()));
    },
  };
}

/** With another port where somebody was faster to take the one that was free. */
function startReplica(
  name: string,
  given: readonly string[],
  signal: AbortSignal,
): Promise<Replica> {
  return withFreePort((health) => startReplicaAt(health, name, given, signal));
}

async function startReplicaAt(
  health: number,
  name: string,
  given: readonly string[],
  signal: AbortSignal,
): Promise<Replica> {
  const args = [...given, `--health-port=${health}`];
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let log = "";
  child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const orphaned = (): void => void child.kill("SIGKILL");
  process.once("exit", orphaned);
  const exited = once(child, "exit");
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await exited;
    process.off("exit", orphaned);
  };
  const limit = began + 60_000;
  while (!(await isReady(health))) {
    if (child.exitCode !== null || performance.now() > limit) {
      await kill();
      throw new Error(`${name} is not ready: ${log}`);
    }
    await delay(20, undefined, { signal });
  }
  const readyMs = performance.now() - began;
  const lines = (): readonly { readonly [field: string]: unknown }[] =>
    log
      .split("\n")
      .slice(0, -1)
      .map((line): { readonly [field: string]: unknown } => JSON.parse(line));
  return { name, process: child, readyMs, lines, kill };
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return answer?.ok === true;
}

function freePort(): Promise<number> {
  return withFreePort((port) => Promise.resolve(port));
}

const ownNamespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: systemNamespace },
};

const webhookService = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: service, namespace: systemNamespace },
  spec: { ports: [{ name: "webhook", port: 443 }] },
};

function endpointSlice(port: number): object {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: service,
      namespace: systemNamespace,
      uid: "5f0c1c7e-8f0c-4f0b-9a53-7c3b7a3c1d11",
      creationTimestamp: "2026-01-01T00:00:00Z",
      labels: { "kubernetes.io/service-name": service },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
    ports: [{ name: "webhook", port, protocol: "TCP" }],
  };
}
