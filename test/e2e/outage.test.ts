import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Assets } from "../../src/controlplane/assets.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { loadConnection } from "../../src/kube/connection.ts";
import { collectionPath, namespaces } from "../../src/kube/path.ts";
import { Reflector } from "../../src/kube/reflector.ts";
import type { FaultName } from "../guarantee/faults.ts";
import { type Field, startField, tryOutage } from "../guarantee/outage.ts";
import { loadAssets, sharedControlPlane } from "../support/controlplane.ts";
import { postNamespace } from "../support/rawclientnamespaces.ts";

const { signal } = new AbortController();
const holdMs = 1000;

let field: Field;
beforeAll(async () => {
  const assets: Assets = await loadAssets(sharedControlPlane().assetsDirectory, signal);
  field = await startField(assets, 0, signal);
});
afterAll(() => field[Symbol.asyncDispose]());

// Whether the copies had to be listed anew says that the fault was what its name promises.
test.each([
  ["API server killed", true],
  ["etcd killed", false],
  ["compaction", true],
  ["expired version", true],
  ["stall", false],
] as const satisfies readonly (readonly [FaultName, boolean])[])(
  "%s: 15 s later every copy is right, and no namespace is or was open to a pod",
  async (fault, lists) => {
    const prefix = `outage-${fault.toLowerCase().replaceAll(" ", "-")}-`;
    const outage = await tryOutage(field, fault, prefix, holdMs, signal);
    expect(outage.problems).toEqual([]);
    expect(outage.pods).toBe(6);
    expect(outage.relists > 0).toBe(lists);
  },
  90_000,
);

test("a watch whose connection is dead without a word is replaced after its longest silence", async () => {
  const [{ link, ringfenceKubeconfig }] = field.cluster.servers;
  const connection = await loadConnection({ kubeconfig: ringfenceKubeconfig }, signal);
  await using kube = new KubeClient(connection);
  await using reflector = new Reflector({
    client: kube,
    resource: { path: collectionPath(namespaces) },
    transform: ({ metadata }) => metadata.name,
    log: pino({ level: "silent" }),
    timing: { silenceMs: 2000 },
  });
  reflector.start(signal);
  await reflector.whenSynced(signal);
  link.swallow();
  expect((await postNamespace(field.client, "outage-silence")).status).toBe(201);
  await delay(500, undefined, { signal });
  link.open();
  expect(reflector.get("outage-silence")).toBe(undefined);
  await expect.poll(() => reflector.get("outage-silence"), { timeout: 15_000 }).toBeDefined();
});
