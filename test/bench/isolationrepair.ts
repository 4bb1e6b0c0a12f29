// With the protection switched off: how long an edited or deleted deny-all stays that way.
import { setTimeout as delay } from "node:timers/promises";
import { names } from "../../src/registration/names.ts";
import type { RawAnswer, RawClient } from "../support/rawclient.ts";
import { isolatedNamespace } from "../support/rawclientnamespaces.ts";
import { printTable } from "./figures.ts";
import { type BenchCluster, denyAllPath, namesOf } from "./isolationcluster.ts";
import { distribution } from "./isolationhistogram.ts";
import { load } from "./isolationprocess.ts";
import type { Result } from "./isolationresult.ts";
import { type Observer, observe } from "./isolationwatch.ts";

const bindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
const patienceMs = 10_000;

/** Something that no level refuses, so that nothing but the controller undoes it. */
const opened = { spec: { ingress: [{ from: [{ podSelector: {} }] }] } };

/** Edits and deletes deny-alls, one at a time, each in a namespace of its own. */
export async function measureRepair(
  cluster: BenchCluster,
  count: number,
  signal: AbortSignal,
): Promise<Result> {
  const { client } = cluster;
  await removeProtection(client, signal);
  await using observer = await observe(cluster.kube, signal);
  const busy = load();
  const problems: string[] = [];
  const rows = [];
  const edit = (namespace: string): Promise<RawAnswer> => patch(client, namespace);
  const remove = (namespace: string): Promise<RawAnswer> =>
    client.call({ method: "DELETE", path: denyAllPath(namespace) });
  for (const [what, damage] of [["edited", edit] as const, ["deleted", remove] as const]) {
    const sample: number[] = [];
    for (const namespace of namesOf(`repair-${what}`, count)) {
      await isolatedNamespace(client, namespace);
      const start = performance.now();
      const answer = await damage(namespace);
      if (answer.status !== 200) throw new Error(`${namespace}: ${answer.message}`);
      const took = await repaired(observer, namespace, start);
      if (took === undefined) problems.push(`${namespace}: ${what}, and not repaired`);
      else sample.push(took);
    }
    rows.push({ "deny-all": what, load: busy, ...distribution(sample) });
  }
  console.log("\nDeny-all changed → repaired");
  printTable(rows);
  const targets = rows.map((row) => {
    return { what: `${row["deny-all"]}, p99 ms`, figure: row.p99, atMost: 1000 };
  });
  return { part: "repair", figures: rows, targets, problems };
}

/** From the event of the damage to that of the repair. */
async function repaired(
  observer: Observer,
  namespace: string,
  start: number,
): Promise<number | undefined> {
  const damaged = (): number | undefined =>
    observer.sights(namespace).find(({ at, isolates }) => at >= start && !isolates)?.at;
  const whole = (): number | undefined => {
    const since = damaged();
    return since === undefined ? undefined : observer.isolatedAt(namespace, since);
  };
  await observer.until(() => whole() !== undefined, patienceMs);
  const [from, to] = [damaged(), whole()];
  return from === undefined || to === undefined ? undefined : to - from;
}

async function removeProtection(client: RawClient, signal: AbortSignal): Promise<void> {
  await isolatedNamespace(client, "repair-probe");
  await client.call({ method: "DELETE", path: `${bindings}/${names.managedPolicy}` });
  const limit = performance.now() + patienceMs;
  while ((await patch(client, "repair-probe", "?dryRun=All")).status !== 200) {
    if (performance.now() > limit) throw new Error("the protection does not end");
    await delay(50, undefined, { signal });
  }
}

function patch(client: RawClient, namespace: string, query = ""): Promise<RawAnswer> {
  const path = `${denyAllPath(namespace)}${query}`;
  const contentType = "application/merge-patch+json";
  return client.call({ method: "PATCH", path, body: opened, contentType });
}
