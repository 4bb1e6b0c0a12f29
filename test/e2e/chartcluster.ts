import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { stringify } from "yaml";

import { bundle } from "../../scripts/bundle.ts";
import type { Helm } from "../../scripts/chart/helm.ts";
import { runCommand } from "../../src/controlplane/command.ts";
import { withFreePort } from "../../src/controlplane/freeport.ts";
import type { ControlPlane } from "../../src/controlplane/start.ts";
import { startOwnControlPlane } from "../support/controlplane.ts";
import { kubectlOk } from "../support/kubectl.ts";

const root = new URL("../..", import.meta.url).pathname;
export const ownNamespace = "ringfence-system";
const components = ["webhook", "controller"] as const;
type Component = (typeof components)[number];

/** One process of a Deployment. */
export type Replica = {
  readonly component: Component;
  /** As a pod's: `controller-1`. */
  readonly name: string;
  readonly child: ChildProcess;
  readonly healthPort: number;
};

/** The file that the image holds, and nothing beside it. */
const program = "ringfence.mjs";

/** A container's root file system is read-only: whoever writes a file or starts a program ends. */
const confinement = ["--permission", "--allow-fs-read=*"];

/** A cluster with the chart in it, and the two processes outside of it, with the chart's rights. */
export type ChartCluster = {
  readonly kubectl: (args: readonly string[], stdin?: object) => Promise<string>;
  readonly helm: (args: readonly string[]) => Promise<string>;
  /** Starts a webhook and two controllers as the Deployments would; resolves when all are ready. */
  readonly startProcesses: () => Promise<readonly Replica[]>;
  /** Who of the two asked the API server for something, and what of it was forbidden. */
  readonly asked: () => Promise<{
    readonly by: readonly string[];
    readonly forbidden: readonly string[];
  }>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Everything that the two service accounts ask for, reads included. */
const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    {
      level: "Metadata",
      users: components.map((each) => `system:serviceaccount:${ownNamespace}:ringfence-${each}`),
    },
    { level: "None" },
  ],
};

/** Starts a control plane of its own: the chart's objects concern the whole cluster. */
export async function startChartCluster(helm: Helm): Promise<ChartCluster> {
  if ("problem" in helm) throw new Error(helm.problem);
  const folder = await mkdtemp(join(tmpdir(), "ringfence-chart-"));
  await writeFile(join(folder, "audit.yaml"), stringify(auditPolicy));
  await bundle(join(root, "src/main.ts"), folder);
  const apiServerFlags = {
    // Services lead to the addresses of their endpoints: nothing here routes a cluster address.
    "enable-aggregator-routing": "true",
    "audit-policy-file": join(folder, "audit.yaml"),
    "audit-log-path": join(folder, "audit.log"),
  };
  const controlPlane = await startOwnControlPlane({ apiServerFlags }, AbortSignal.timeout(60_000));
  const { kubeconfig } = controlPlane;
  const running: ChildProcess[] = [];
  const place = { controlPlane, folder, running };
  const kubectl = (args: readonly string[], stdin?: object): Promise<string> =>
    kubectlOk(args, { kubeconfig, ...(stdin === undefined ? {} : { stdin }) });
  return {
    kubectl,
    helm: async (args) => {
      const environment = { PATH: process.env["PATH"], HOME: folder, KUBECONFIG: kubeconfig };
      const all = [...args, "--namespace", ownNamespace];
      const signal = AbortSignal.timeout(60_000);
      const { code, stdout, stderr } = await runCommand(helm.path, all, { environment }, signal);
      if (code !== 0) throw new Error(`helm ${args.join(" ")}: ${stderr}`);
      return stdout;
    },
    startProcesses: async () => {
      const all = ["webhook", "controller", "controller"] as const;
      const names = all.map((component, index) => ({ component, name: `${component}-${index}` }));
      return Promise.all(names.map((replica) => startProcess(replica, { ...place, kubectl })));
    },
    asked: async () => askedIn(await readFile(join(folder, "audit.log"), "utf8")),
    [Symbol.asyncDispose]: async () => {
      for (const child of running) {
        if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
      }
      await controlPlane.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Place = {
  readonly controlPlane: ControlPlane;
  readonly folder: string;
  readonly running: ChildProcess[];
  readonly kubectl: ChartCluster["kubectl"];
};

/** Runs one replica with the arguments of its Deployment; only places differ from a pod. */
async function startProcess(
  { component, name }: Pick<Replica, "component" | "name">,
  place: Place,
): Promise<Replica> {
  const { controlPlane, folder, running, kubectl } = place;
  const deployment = ["-n", ownNamespace, "get", "deployment", `ringfence-${component}`];
  const path = "jsonpath={.spec.template.spec.containers[0].args}";
  const args: unknown = JSON.parse(await kubectl([...deployment, "-o", path]));
  const configMap = ["-n", ownNamespace, "get", "configmap", "ringfence"];
  const config = await kubectl(configMap.concat("-o", "jsonpath={.data.config\\.yaml}"));
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, config);
  const health = await freePort();
  const overrides = [
    `--kubeconfig=${controlPlane.userKubeconfig(`ringfence-${component}`)}`,
    `--config=${file}`,
    `--health-port=${String(health)}`,
  ];
  if (component === "webhook") {
    const port = await freePort();
    overrides.push(`--port=${String(port)}`);
    await kubectl(["apply", "-f", "-"], endpointSlice(port));
  } else {
    overrides.push(`--identity=${name}`);
  }
  const given = Array.isArray(args) ? args.map(String) : [];
  const all = [...confinement, join(folder, program), ...given, ...overrides];
  const child = spawn(process.execPath, all, { stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  let log = "";
  child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`the ${component} ended: ${log}`);
      const answer = await fetch(`http://127.0.0.1:${String(health)}/readyz`);
      if (!answer.ok) throw new Error(`${component}: ${await answer.text()}\n${log}`);
    },
    { timeout: 40_000, interval: 100 },
  );
  return { component, name, child, healthPort: health };
}

/** What a cluster's own controller would write once the webhook's pod is ready. */
function endpointSlice(port: number): object {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "ringfence-webhook",
      namespace: ownNamespace,
      labels: { "kubernetes.io/service-name": "ringfence-webhook" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: [ownAddress()], conditions: { ready: true } }],
    ports: [{ name: "webhook", port, protocol: "TCP" }],
  };
}

/** An endpoint cannot be a loopback address, so the tests need one of another interface. */
export function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "";
}

function freePort(): Promise<number> {
  return withFreePort((port) => Promise.resolve(port));
}

type AuditEvent = {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly responseStatus?: { readonly code?: number };
};

function askedIn(log: string): Awaited<ReturnType<ChartCluster["asked"]>> {
  const events = log
    .split("\n")
    .filter((line) => line !== "")
    .map((line): AuditEvent => JSON.parse(line));
  return {
    by: [...new Set(events.map(({ user }) => user.username))].toSorted(),
    forbidden: events
      .filter(({ responseStatus }) => responseStatus?.code === 403)
      .map(({ user, verb, requestURI }) => `${user.username} ${verb} ${requestURI}`),
  };
}
