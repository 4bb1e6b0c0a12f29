import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../scripts/bundle.ts";
import { type Manifest, pick } from "../contract/charthelm.ts";
import { sharedControlPlane } from "./controlplane.ts";
import { kubectl, kubectlOk } from "./kubectl.ts";

const root = new URL("../..", import.meta.url).pathname;
const namespace = "ringfence-system";
const patienceMs = 30_000;

type Process = {
  readonly child: ChildProcess;
  readonly healthPort: number;
  readonly log: () => string;
};

export type Installation = {
  readonly webhook: Process;
  readonly controllers: readonly Process[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/**
 * What `helm install` puts into a cluster, with the pods' processes run on this machine from the
 * image's bundle: as their own service accounts, with the arguments of their Deployments.
 */
export async function install(manifests: readonly Manifest[]): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), "ringfence-installation-"));
  const file = join(folder, "dist/ringfence.mjs");
  await bundle(join(root, "src/main.ts"), file);
  const config = join(folder, "config.yaml");
  const data: unknown = pick(manifests, "ConfigMap", "ringfence")["data"];
  await writeFile(config, String(Reflect.get(Object(data), "config.yaml")));

  const port = await findFreePort();
  const objects = manifests.filter(({ kind }) => kind !== "Deployment").map(onThisMachine(port));
  await kubectlOk(["create", "namespace", namespace]);
  await kubectlOk(["apply", "--server-side", "-f", "-"], { stdin: objects });

  const running: Process[] = [];
  const start = async (component: string, ...changes: readonly string[]): Promise<Process> => {
    const healthPort = await findFreePort();
    const kubeconfig = sharedControlPlane().kubeconfigs[`ringfence-${component}`] ?? "";
    const last = [
      `--config=${config}`,
      `--kubeconfig=${kubeconfig}`,
      `--health-port=${healthPort}`,
      ...changes,
    ];
    const args = [file, ...argumentsOf(manifests, component), ...last];
    const started = launch(args, folder, healthPort);
    running.push(started);
    return started;
  };
  const webhook = await start("webhook", `--port=${port}`, "--listen=127.0.0.1");
  const controllers = [
    await start("controller", "--identity=one"),
    await start("controller", "--identity=two"),
  ];
  return {
    webhook,
    controllers,
    [Symbol.asyncDispose]: async () => {
      for (const { child } of running) await end(child);
      // Webhooks first: nothing must be asked any more.
      const admission = objects.filter(({ apiVersion }) => apiVersion.startsWith("admission"));
      const rest = objects.filter((object) => !admission.includes(object));
      await kubectl(["delete", "--ignore-not-found", "-f", "-"], { stdin: admission });
      await kubectl(["delete", "--ignore-not-found", "-f", "-"], { stdin: rest });
      await kubectl(["delete", "namespace", namespace]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves once a probe says ready; the message of a time-out has what it said instead. */
export async function whenReady({ healthPort, log }: Process): Promise<void> {
  const end = Date.now() + patienceMs;
  let last = "";
  while (Date.now() < end) {
    const answer = await fetch(`http://127.0.0.1:${healthPort}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    last = (await answer?.text()) ?? "no answer";
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not ready: ${last}\n${log()}`);
}

/** A port that nobody uses now; the programs under test take no part in choosing it. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

function launch(args: readonly string[], cwd: string, healthPort: number): Process {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  return { child, healthPort, log: () => log };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** There are no pods behind the Service here: it points at this machine, at a port of its own. */
function onThisMachine(port: number): (manifest: Manifest) => Manifest {
  return (manifest) => {
    if (manifest.kind === "Service") {
      const { apiVersion, kind, metadata } = manifest;
      return {
        apiVersion,
        kind,
        metadata,
        spec: { type: "ExternalName", externalName: "localhost" },
      };
    }
    if (!manifest.kind.endsWith("WebhookConfiguration")) return manifest;
    const changed: Manifest = JSON.parse(JSON.stringify(manifest), (key, value: unknown) =>
      key === "service" ? { ...Object(value), port } : value,
    );
    return changed;
  };
}

function argumentsOf(manifests: readonly Manifest[], component: string): readonly string[] {
  const { spec } = pick(manifests, "Deployment", `ringfence-${component}`);
  const parsed: {
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
    };
  } = JSON.parse(JSON.stringify(spec));
  return parsed.template.spec.containers[0]?.args ?? [];
}
