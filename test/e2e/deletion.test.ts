import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ControlPlane } from "../../src/controlplane/start.ts";
import { auditFlags, startOwnControlPlane } from "../support/controlplane.ts";
import { createPod } from "../support/burst.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { isolatedNamespace } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";
import { followAuditLog } from "../support/ringfenceaudit.ts";

const count = 20;
const never = new AbortController().signal;

// A control plane of its own: elsewhere the namespaces of other tests are still being deleted.
let controlPlane: ControlPlane;
let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  controlPlane = await startOwnControlPlane({ apiServerFlags: auditFlags }, never);
  client = await openRawClient({ kubeconfig: controlPlane.kubeconfig });
  ringfence = await start();
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await controlPlane.stop();
});

function start(): Promise<Ringfence> {
  return startRingfence({ kubeconfig: controlPlane.userKubeconfig("ringfence-dev") });
}

async function isolatedNamespaces(prefix: string): Promise<readonly string[]> {
  const all = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  await Promise.all(all.map((name) => isolatedNamespace(client, name)));
  const { status, message } = await createPod(client, "web", `${prefix}-0`);
  if (status !== 201) throw new Error(message);
  return all;
}

/** Asks for their deletion, and returns those that are still there after a minute. */
async function stuck(all: readonly string[]): Promise<readonly string[]> {
  for (const name of all) {
    const path = `/api/v1/namespaces/${name}`;
    const { status, message } = await client.call({ method: "DELETE", path });
    if (status !== 200) throw new Error(message);
  }
  const end = Date.now() + 60_000;
  for (;;) {
    const { object } = await client.call({ method: "GET", path: "/api/v1/namespaces" });
    const present = object.items?.map(({ metadata }) => metadata?.name ?? "") ?? [];
    const remaining = present.filter((name) => all.includes(name));
    if (remaining.length === 0 || Date.now() > end) return remaining;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test(`${count} namespaces with their deny-alls go, and nothing of them is created again`, async () => {
  const all = await isolatedNamespaces("deletion-up");
  const read = await followAuditLog(join(controlPlane.directory, "audit.log"));
  expect(await stuck(all)).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const own = (await read()).filter(
    ({ user, objectRef }) =>
      user.username.endsWith(":ringfence-dev") &&
      ["namespaces", "networkpolicies"].includes(objectRef?.resource ?? ""),
  );
  expect(own).toEqual([]);
}, 90_000);

test(`${count} namespaces go with Ringfence killed, too`, async () => {
  const all = await isolatedNamespaces("deletion-down");
  await ringfence.kill();
  expect(await stuck(all)).toEqual([]);
}, 90_000);

test("a namespace deleted while Ringfence was away, and made again, is isolated again", async () => {
  const created = await client.call({
    method: "POST",
    path: "/api/v1/namespaces",
    body: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: "deletion-down-0",
        labels: { "ringfence.dev/default-deny": "enabled" },
      },
    },
  });
  expect(created.status).toBe(201);
  expect((await createPod(client, "web", "deletion-down-0")).status).toBe(422);
  ringfence = await start();
  await vi.waitFor(async () => {
    expect((await createPod(client, "web", "deletion-down-0")).status).toBe(201);
  }, 10_000);
}, 60_000);
