import { join } from "node:path";
import { pino } from "pino";
import type { TestProject } from "vitest/node";
import { runCommand } from "../../src/controlplane/command.ts";
import { adminIdentity } from "../../src/controlplane/identity.ts";
import { startControlPlane } from "../../src/controlplane/start.ts";
import { auditFlags, loadAssets, testUsers } from "./controlplane.ts";

const missing =
  "The e2e tests need the binaries of a control plane and were given none. " +
  "`npm test` and `npm run e2e` find or build them; when vitest is started by itself, " +
  "set KUBEBUILDER_ASSETS to a directory with etcd, kube-apiserver and kubectl.";

/** Starts the one control plane of the e2e project; without one the project fails, it never skips. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory =
    process.env["RINGFENCE_CONTROLPLANE"] ?? process.env["KUBEBUILDER_ASSETS"] ?? "";
  if (directory === "") throw new Error(missing);
  const signal = new AbortController().signal;
  const assets = await loadAssets(directory, signal);
  const kubectl = assets.kubectl ?? (await kubectlOnPath(directory, signal));
  const log = pino({ level: "warn" });
  const controlPlane = await startControlPlane(
    { assets, log, users: testUsers, apiServerFlags: auditFlags },
    signal,
  );
  const names = [adminIdentity, ...testUsers].map(({ name }) => name);
  project.provide("controlPlane", {
    url: controlPlane.url,
    ca: controlPlane.ca,
    directory: controlPlane.directory,
    assetsDirectory: directory,
    version: assets.version,
    hasControllerManager: assets.kubeControllerManager !== undefined,
    kubectl,
    kubeconfig: controlPlane.kubeconfig,
    kubeconfigs: Object.fromEntries(names.map((name) => [name, controlPlane.userKubeconfig(name)])),
    auditLog: join(controlPlane.directory, "audit.log"),
  });
  return controlPlane.stop;
}

async function kubectlOnPath(directory: string, signal: AbortSignal): Promise<string> {
  try {
    await runCommand("kubectl", ["version", "--client"], {}, signal);
    return "kubectl";
  } catch (error) {
    throw new Error(`${directory} has no kubectl, and there is none on the PATH`, { cause: error });
  }
}
