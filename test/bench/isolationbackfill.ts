// Isolating namespaces that were there before Ringfence: how long, how gently, how large.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { bundle } from "../../scripts/bundle.ts";
import type { Assets } from "../../src/controlplane/assets.ts";
import { KubeClient } from "../../src/kube/client.ts";
import { loadConnection } from "../../src/kube/connection.ts";
import { startCluster } from "../guarantee/cluster.ts";
import { install } from "../guarantee/installation.ts";
import { openRawClient } from "../support/rawclient.ts";
import { printTable, round } from "./figures.ts";
import { followAudit, peakPerSecond, writesOf } from "./isolationaudit.ts";
import { fill, namesOf } from "./isolationcluster.ts";
import { load, memoryMiB } from "./isolationprocess.ts";
import type { Result } from "./isolationresult.ts";
import { observe } from "./isolationwatch.ts";

const main = new URL("../../src/main.ts", import.meta.url).pathname;
const auditPolicy = new URL("isolationaudit.yaml", import.meta.url).pathname;
const reference = 10_000;
/** At the allowed pace two writes for each take 400 s; the rest is for answers and late timers. */
const referenceSeconds = 450;
/** Far slower than the pace at which Ringfence goes. */
const slowestPerSecond = 10;

/** As in the container: a part of the memory limit of the chart's controller, and less for the young. */
const memoryOptions = [`--max-old-space-size=${Math.floor(0.6 * 512)}`, "--max-semi-space-size=8"];
const configuration = `apiVersion: ringfence.dev/v1alpha1
kind: Configuration
defaultDeny: { existingNamespaces: enabled }
`;

/** Fills a cluster without Ringfence, and installs it to isolate what is there. */
export async function measureBackfill(
  assets: Assets,
  count: number,
  signal: AbortSignal,
): Promise<Result> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "ringfence-backfill-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await bundle(main, folder);
  const file = join(folder, "ringfence.yaml");
  await writeFile(file, configuration);
  const apiServerFlags = { "audit-policy-file": auditPolicy };
  const cluster = stack.use(await startCluster(assets, { apiServerFlags }, signal));
  const [{ kubeconfig, auditLog }] = cluster.servers;
  const client = stack.use(await openRawClient({ kubeconfig }));
  const kube = stack.use(new KubeClient(await loadConnection({ kubeconfig }, signal)));
  const names = namesOf("backfill", count);
  await fill(client, names, false, signal);
  const readAudit = await followAudit(auditLog);
  const observer = stack.use(await observe(kube, signal));
  const busy = load();
  const program = [...memoryOptions, join(folder, "ringfence.mjs")];
  const installation = stack.use(await install(cluster, signal, program));
  // Each waits for the other's part of the registration.
  const [controller] = await Promise.all([
    installation.startController("controller", [`--config=${file}`]),
    installation.startWebhook(),
  ]);
  const patienceMs = 30_000 + (count * 1000) / slowestPerSecond;
  await observer.until(() => names.every((name) => observer.ready.has(name)), patienceMs);
  await delay(500, undefined, { signal });
  const memory = await memoryMiB(controller.process.pid);
  // Ringfence also asks, as dry runs, whether what it has registered is in force.
  const mine = new Set(names);
  const writes = writesOf(await readAudit()).filter(({ namespace }) => mine.has(namespace));
  const seconds = secondsOf(writes);
  const figures = {
    load: busy,
    namespaces: count,
    seconds: round(seconds),
    "namespaces/s": round(count / seconds),
    writes: writes.length,
    refused: writes.filter(({ code }) => code >= 300).length,
    "writes/s": round(writes.length / seconds),
    "peak writes/s": peakPerSecond(writes),
    "memory MiB": memory.now,
    "peak MiB": memory.peak,
  };
  console.log("\nBackfill of existing namespaces");
  printTable([figures]);
  const open = names.filter((name) => observer.isolatedAt(name) === undefined);
  const unready = names.filter((name) => !observer.ready.has(name));
  const whole = round((seconds * reference) / count);
  return {
    part: "backfill",
    figures,
    targets: [
      { what: `seconds for ${reference}, at this rate`, figure: whole, atMost: referenceSeconds },
      { what: "peak writes/s", figure: figures["peak writes/s"], atMost: 50 },
      { what: "peak MiB", figure: memory.peak, atMost: 256 },
    ],
    problems: [
      ...open.map((name) => `${name} has no deny-all`),
      ...unready.map((name) => `${name} is not ready`),
    ],
  };
}

function secondsOf(writes: readonly { received: number; answered: number }[]): number {
  const first = Math.min(...writes.map(({ received }) => received));
  const last = Math.max(...writes.map(({ answered }) => answered));
  return (last - first) / 1000;
}
