// Namespaces can always be deleted, and nothing of them comes back.
import { setTimeout as delay } from "node:timers/promises";
import type { Assets } from "../../src/controlplane/assets.ts";
import { namesOf } from "../bench/isolationcluster.ts";
import { createPod } from "../support/burst.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { startRingfence } from "../support/ringfence.ts";
import { followAuditLog } from "../support/ringfenceaudit.ts";
import { startCluster } from "./cluster.ts";
import { createIsolated, forAll } from "./isolated.ts";
import { type Report, resultOf } from "./result.ts";
import type { Store } from "./store.ts";

/** Half with Ringfence alive, half with it dead; 2,000 in all, or 20. */
export async function proveDeletions(
  assets: Assets,
  { full }: { readonly full: boolean },
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const each = full ? 1000 : 10;
  await using cluster = await startCluster(assets, { controllerManager: true }, signal);
  const [server] = cluster.servers;
  await using client = await openRawClient({ kubeconfig: server.kubeconfig });
  await using ringfence = await startRingfence({ kubeconfig: server.ringfenceKubeconfig });
  const dead = namesOf("dead", each);
  await populate(client, dead, signal);

  let since = performance.now();
  const alive = namesOf("alive", each);
  await populate(client, alive, signal);
  const read = await followAuditLog(server.auditLog);
  const stuck = await removeAll(client, cluster.store, alive, signal);
  await delay(1000, undefined, { signal });
  const writes = (await read())
    .filter(
      ({ user, objectRef }) =>
        user.username.endsWith(":ringfence-dev") &&
        ["namespaces", "networkpolicies"].includes(objectRef?.resource ?? ""),
    )
    .map(({ verb, objectRef }) => `${verb} ${objectRef?.resource} in ${objectRef?.namespace}`);
  const problems = [...stuck, ...writes];
  report(resultOf("I6", "Ringfence alive", { count: each, problems }, since));

  since = performance.now();
  await ringfence.kill();
  const left = await removeAll(client, cluster.store, dead, signal);
  report(resultOf("I6", "Ringfence dead", { count: each, problems: left }, since));
}

async function populate(
  client: RawClient,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await createIsolated(client, prefixOf(names), names, signal);
  await forAll(names, async (name) => {
    const { status, message } = await createPod(client, "web", name);
    if (status !== 201) throw new Error(`${name}: ${message}`);
  });
}

/** Asks for the deletion of all; what is left, or there again, once etcd has been quiet. */
async function removeAll(
  client: RawClient,
  store: Store,
  all: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  await forAll(all, async (name) => {
    const path = `/api/v1/namespaces/${name}`;
    const { status, message } = await client.call({ method: "DELETE", path });
    if (status !== 200) throw new Error(`${name}: ${message}`);
  });
  const prefix = prefixOf(all);
  const remaining = async (): Promise<readonly string[]> => {
    const kinds = ["namespaces", "networkpolicies", "pods"];
    const found = await Promise.all(kinds.map((kind) => store.list(`/registry/${kind}/${prefix}`)));
    return found.flat().map(({ key }) => key);
  };
  // Nothing gone for a minute is stuck.
  let left = await remaining();
  let changed = performance.now();
  while (left.length > 0 && performance.now() - changed < 60_000) {
    await delay(250, undefined, { signal });
    const now = await remaining();
    if (now.length !== left.length) changed = performance.now();
    left = now;
  }
  await delay(2000, undefined, { signal });
  return remaining();
}

function prefixOf([first = ""]: readonly string[]): string {
  return first.replace(/\d+$/, "");
}
