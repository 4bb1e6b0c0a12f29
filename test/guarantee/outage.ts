// Whatever happened to the API server, to etcd or to the way there: some seconds later every copy
// is right again, and no namespace is open.
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { KubeClient } from "../../src/kube/client.ts";
import { loadConnection } from "../../src/kube/connection.ts";
import type { Assets } from "../../src/controlplane/assets.ts";
import { quantile, round } from "../bench/figures.ts";
import { fill, namesOf } from "../bench/isolationcluster.ts";
import { createRandom } from "../fuzz/random.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { type Ringfence, startRingfence } from "../support/ringfence.ts";
import { erase, openDenyAll } from "./behind.ts";
import { type Caches, watchAll } from "./caches.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { type FaultName, faultNames, faults } from "./faults.ts";
import { createIsolated } from "./isolated.ts";
import { denyAllKey, judgePods, openNamespaces } from "./judge.ts";
import { type Report, resultOf } from "./result.ts";
import { insist, type Insistence } from "./user.ts";

const limitMs = 15_000;

/** Lists come in pages of 500. */
const severalPages = 1200;

/** Everything that outages are tried on. */
export type Field = {
  readonly cluster: Cluster;
  readonly client: RawClient;
  readonly caches: Caches;
  readonly ringfence: Ringfence;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** A control plane with so many isolated namespaces, a Ringfence and the copies beside it, both by way of the link that can break. */
export async function startField(
  assets: Assets,
  existing: number,
  signal: AbortSignal,
): Promise<Field> {
  const stack = new AsyncDisposableStack();
  try {
    const cluster = stack.use(await startCluster(assets, {}, signal));
    const [{ kubeconfig, ringfenceKubeconfig }] = cluster.servers;
    const client = stack.use(await openRawClient({ kubeconfig }));
    const truth = stack.use(new KubeClient(await loadConnection({ kubeconfig }, signal)));
    const there = namesOf("there", existing);
    await fill(client, there, true, signal);
    const silent = pino({ level: "silent" });
    // Killed in the end: what it has registered goes with the control plane.
    const ringfence = stack.adopt(
      await startRingfence({ kubeconfig: ringfenceKubeconfig }),
      (one) => one.kill(),
    );
    const caches = stack.use(await watchAll(ringfenceKubeconfig, truth, silent, signal));
    const end = stack.move();
    return {
      cluster,
      client,
      caches,
      ringfence,
      [Symbol.asyncDispose]: () => end.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** What one outage came to. */
export type Outage = {
  readonly problems: readonly string[];
  /** From the end of the fault until all was right. */
  readonly recoveredMs: number;
  /** The fault was what its name says. */
  readonly relists: number;
  readonly pods: number;
  /** Pods that came before their deny-all in a namespace that had another one before. */
  readonly reusedNameEarly: number;
};

/** Lets one fault happen among new, old, damaged and re-created namespaces, and looks what becomes. */
export async function tryOutage(
  { cluster, client, caches, ringfence }: Field,
  fault: FaultName,
  prefix: string,
  holdMs: number,
  signal: AbortSignal,
): Promise<Outage> {
  const { store } = cluster;
  const [removed, opened, gone] = ["removed", "opened", "gone"].map((one) => `${prefix}${one}`);
  if (removed === undefined || opened === undefined || gone === undefined) throw new Error(prefix);
  await createIsolated(client, prefix, [removed, opened, gone], signal);
  const meanwhile: Promise<Insistence>[] = [];
  const relists = caches.relists();
  const damage = async (): Promise<void> => {
    meanwhile.push(insist(client, `${prefix}during`, { pods: 2, limitMs: 150_000 }, signal));
    await store.remove(denyAllKey(removed));
    await openDenyAll(store, opened);
    await erase(store, gone);
  };
  await faults[fault]({ cluster, client, holdMs, damage }, signal);
  const ended = performance.now();
  for (const name of [`${prefix}after`, gone]) {
    meanwhile.push(insist(client, name, { pods: 2, limitMs: 150_000 }, signal));
  }
  const wrong = await settled(client, caches, prefix, ended + limitMs, signal);
  const recoveredMs = performance.now() - ended;
  const insisted = await Promise.all(meanwhile);
  const { pods, early } = await judgePods(store, prefix);
  const isRunning = ringfence.process.exitCode === null;
  // Where the API server itself was cut off from etcd, its own view of a name that is used again
  // may be that of the former namespace: a known limit, counted and not hidden.
  const isOld = (pod: string): boolean => fault === "compaction" && pod.startsWith(`${gone}/`);
  const problems = [
    ...wrong.map((what) => `after ${fault} of ${holdMs} ms: ${what}`),
    ...early.filter((pod) => !isOld(pod)).map((what) => `after ${fault} of ${holdMs} ms: ${what}`),
    ...insisted.flatMap(({ namespace, missing, refusals }) =>
      missing.map((pod) => `${namespace}: ${pod} was not accepted: ${refusals.at(-1) ?? ""}`),
    ),
    ...(isRunning ? [] : ["Ringfence has ended"]),
  ];
  const reusedNameEarly = early.filter(isOld).length;
  return { problems, recoveredMs, relists: caches.relists() - relists, pods, reusedNameEarly };
}

/** Waits until copies and truth are equal and no namespace is open; what is wrong at the deadline. */
async function settled(
  client: RawClient,
  caches: Caches,
  prefix: string,
  deadline: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (;;) {
    const open = await openNamespaces(client, prefix).catch(spell);
    const different = await caches.differences(signal).catch(spell);
    const wrong = [...open, ...different];
    if (wrong.length === 0 || performance.now() > deadline) return wrong;
    await delay(100, undefined, { signal });
  }
}

function spell(error: unknown): readonly string[] {
  return [String(error)];
}

const names = ["removed", "opened", "gone", "during", "after"];

export type OutageOptions = {
  readonly full: boolean;
  readonly seed: number;
  readonly minutes: number;
  /** How often each fault is tried. */
  readonly times?: number | undefined;
  /** All of them when absent. */
  readonly fault?: FaultName | undefined;
};

/** An API server may be away for long; the other faults are about what comes after them. */
function longestMs(fault: FaultName): number {
  return fault === "API server killed" ? 60_000 : 20_000;
}

/** Full: all faults, or one, in turns for as long as there is time. */
export async function proveOutages(
  assets: Assets,
  { full, seed, minutes, times = 100, fault }: OutageOptions,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const since = performance.now();
  await using field = await startField(assets, full ? severalPages : 0, signal);
  const tried = faultNames.filter((name) => fault === undefined || name === fault);
  const found = new Map<FaultName, Outage[]>(tried.map((name) => [name, []]));
  const random = createRandom(seed, 0);
  const turns = full ? times : 1;
  for (let turn = 0; turn < turns; turn++) {
    for (const name of tried) {
      if (full && performance.now() - since > minutes * 60_000) break;
      const holdMs = full ? 5000 + random.below(longestMs(name) - 4999) : 3000;
      const prefix = `a7-${faultNames.indexOf(name)}-${turn}-`;
      const outage = await tryOutage(field, name, prefix, holdMs, signal);
      found.get(name)?.push(outage);
      // Without what Ringfence said, a problem that comes once in a hundred times stays one.
      const said = field.ringfence.lines().map((line) => JSON.stringify(line));
      const lines = said.filter((line) => line.includes(prefix) || !line.includes('"level":30'));
      if (outage.problems.length > 0) console.error(lines.slice(-60).join("\n"));
      for (const one of names) await erase(field.cluster.store, `${prefix}${one}`);
      console.error(
        JSON.stringify({
          fault: name,
          turn,
          holdMs,
          ...outage,
          recoveredMs: round(outage.recoveredMs),
        }),
      );
    }
  }
  for (const [name, outages] of found) {
    // What there was no time for was not tried, and nothing is said about it.
    if (outages.length === 0) continue;
    const recovered = outages.map(({ recoveredMs }) => recoveredMs);
    const figures = {
      seed,
      recoveredMsP50: round(quantile(recovered, 0.5)),
      recoveredMsMax: round(Math.max(...recovered)),
      within15s: recovered.filter((ms) => ms <= limitMs).length,
      relists: outages.reduce((sum, { relists }) => sum + relists, 0),
      pods: outages.reduce((sum, { pods }) => sum + pods, 0),
      reusedNameEarly: outages.reduce((sum, one) => sum + one.reusedNameEarly, 0),
    };
    const problems = outages.flatMap((outage) => outage.problems);
    report(resultOf("A7", name, { count: outages.length, problems, ...figures }, since));
  }
}
