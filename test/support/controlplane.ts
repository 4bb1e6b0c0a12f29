import { inject } from "vitest";
import { inspectAssets, type Assets } from "../../src/controlplane/assets.ts";
import type { Flags } from "../../src/controlplane/flags.ts";
import { serviceAccountIdentity, type Identity } from "../../src/controlplane/identity.ts";
import { startControlPlane, type ControlPlane } from "../../src/controlplane/start.ts";
import { pino } from "pino";

/** What the one control plane of the e2e project looks like from a test's process. */
export type SharedControlPlane = Readonly<{
  url: string;
  ca: string;
  directory: string;
  assetsDirectory: string;
  version: string;
  /** Downloaded binaries come without one: nothing deletes namespaces then, or makes pods of deployments. */
  hasControllerManager: boolean;
  /** The real kubectl: of the assets, or the one on the PATH. */
  kubectl: string;
  /** The administrator's. */
  kubeconfig: string;
  /** By short name: admin, and those of `testUsers`. */
  kubeconfigs: Readonly<Record<string, string>>;
  /** One JSON line for each change and its annotations, as the API server saw it. */
  auditLog: string;
}>;

declare module "vitest" {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- only an interface can be extended
  export interface ProvidedContext {
    controlPlane: SharedControlPlane;
  }
}

/** Who can speak to a test's API server beside the administrator; but for `ringfence-dev` none has a right by itself. */
export const testUsers: readonly Identity[] = [
  { name: "alice", user: "alice", groups: ["developers"] },
  serviceAccountIdentity("ringfence-system", "ringfence-controller"),
  serviceAccountIdentity("ringfence-system", "ringfence-webhook"),
  // What `ringfence dev` runs as: every right, and not the administrator whom protection must stop.
  {
    ...serviceAccountIdentity("ringfence-system", "ringfence-dev"),
    groups: ["system:masters"],
  },
];

/** The API server writes each change to `audit.log` in the control plane's directory. */
export const auditFlags: Flags = {
  "audit-policy-file": new URL("auditpolicy.yaml", import.meta.url).pathname,
  "audit-log-path": "audit.log",
};

/** The control plane that the global setup started for all e2e files. */
export function sharedControlPlane(): SharedControlPlane {
  return inject("controlPlane");
}

/** Starts one more control plane (three seconds) for tests that kill or configure it; they stop it. */
export async function startOwnControlPlane(
  options: Readonly<{ users?: readonly Identity[]; apiServerFlags?: Flags }>,
  signal: AbortSignal,
): Promise<ControlPlane> {
  const assets = await loadAssets(sharedControlPlane().assetsDirectory, signal);
  const log = pino({ level: "silent" });
  return startControlPlane({ users: testUsers, ...options, assets, log }, signal);
}

/** The binaries of a directory, or an error that says what is wrong with it. */
export async function loadAssets(directory: string, signal: AbortSignal): Promise<Assets> {
  const { assets, problem } = await inspectAssets(directory, signal);
  if (assets === undefined) throw new Error(problem);
  return assets;
}
