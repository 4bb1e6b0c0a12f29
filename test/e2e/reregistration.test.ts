import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ControlPlane } from "../../src/controlplane/start.ts";
import { names } from "../../src/registration/names.ts";
import { startOwnControlPlane } from "../support/controlplane.ts";
import { createPod, getDenyAll } from "../support/burst.ts";
import { kubectlOk } from "../support/kubectl.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { isolatedNamespace, postNamespace } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

// An API server keeps one cache of NetworkPolicies for the gate and, once nothing needs it, never
// fills it again. So each test here registers the gate once more and looks whether it sees.

let controlPlane: ControlPlane;
let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  controlPlane = await startOwnControlPlane({}, new AbortController().signal);
  client = await openRawClient({ kubeconfig: controlPlane.kubeconfig });
  ringfence = await start();
  for (const name of ["reused", "opened"]) await isolatedNamespace(client, name);
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await controlPlane.stop();
});

function start(): Promise<Ringfence> {
  return startRingfence({ kubeconfig: controlPlane.userKubeconfig("ringfence-dev") });
}

function run(...args: readonly string[]): Promise<string> {
  return kubectlOk(args, { kubeconfig: controlPlane.kubeconfig });
}

/** Longer than an API server takes to look at its policies again. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2500));
}

test("stopped and started again, Ringfence lets pods into new namespaces at the first try", async () => {
  await ringfence.stop();
  await settle();
  ringfence = await start();
  await isolatedNamespace(client, "fresh");
  const { status, message } = await createPod(client, "web", "fresh");
  expect({ status, message }).toEqual({ status: 201, message: "" });
});

test("a namespace made again under its name waits for a deny-all of its own", async () => {
  await ringfence.kill();
  await run("delete", "namespace", "reused", "--timeout=30s");
  await postNamespace(client, "reused", { "ringfence.dev/default-deny": "enabled" });
  expect((await getDenyAll(client, "reused")).status).toBe(404);
  expect((await createPod(client, "web", "reused")).status).toBe(422);
});

test("the gate sees a deny-all that was opened after it was registered again", async () => {
  await run("delete", "validatingadmissionpolicybinding", names.managedPolicy);
  await run("delete", "validatingadmissionpolicybinding", names.podGateBinding);
  await run("delete", "validatingwebhookconfiguration", names.validate);
  await settle();
  ringfence = await start();
  await ringfence.kill();
  await run("delete", "validatingadmissionpolicybinding", names.managedPolicy);
  await run("delete", "validatingwebhookconfiguration", names.validate);
  const open = JSON.stringify({ spec: { ingress: [{}] } });
  await vi.waitFor(
    () =>
      run("-n", "opened", "patch", "netpol", "ringfence-default-deny", "--type=merge", "-p", open),
    10_000,
  );
  await vi.waitFor(async () => {
    const { status, message } = await createPod(client, "web", "opened", "?dryRun=All");
    expect(message).toContain("has rules that allow traffic");
    expect(status).toBe(403);
  });
});
