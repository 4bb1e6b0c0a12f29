// The known limit: an API server that does not hear of NetworkPolicies any more, and a namespace
// name that is used again. What is counted here is published and is not zero.
import { setTimeout as delay } from "node:timers/promises";
import type { Assets } from "../../src/controlplane/assets.ts";
import { namesOf } from "../bench/isolationcluster.ts";
import { createPod } from "../support/burst.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { postNamespace } from "../support/rawclientnamespaces.ts";
import { erase } from "./behind.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { type Installation, install, type Replica } from "./installation.ts";
import { createIsolated } from "./isolated.ts";
import { judgePods } from "./judge.ts";
import { type Report, resultOf } from "./result.ts";
import { insist } from "./user.ts";

const perRound = 50;
/** The controller looks for such pods a moment after it has isolated a namespace. */
const reportMs = 20_000;

type Scene = {
  readonly cluster: Cluster;
  readonly installation: Installation;
  readonly near: RawClient;
  /** By way of the server that lags. */
  readonly far: RawClient;
};

/** What one round came to. */
type Round = { readonly bursts: number; readonly early: number; readonly reported: number };

/** Names are used again, with Ringfence alive and dead meanwhile. */
export async function measureStale(
  assets: Assets,
  { full }: { readonly full: boolean },
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  for (const condition of ["Ringfence alive", "Ringfence dead"] as const) {
    const since = performance.now();
    await using cluster = await startCluster(assets, { servers: 2 }, signal);
    await using installation = await install(cluster, signal);
    const [{ kubeconfig }, second] = cluster.servers;
    await using near = await openRawClient({ kubeconfig, connections: 1 });
    const far = second?.kubeconfig ?? "";
    await using lagging = await openRawClient({ kubeconfig: far, connections: 1 });
    const scene = { cluster, installation, near, far: lagging };
    const rounds: Round[] = [];
    for (let round = 0; round < (full ? 10 : 1); round++) {
      rounds.push(await useAgain(scene, `stale-${round}-`, condition === "Ringfence dead", signal));
    }
    const sum = (of: (round: Round) => number): number =>
      rounds.reduce((total, round) => total + of(round), 0);
    const early = sum((round) => round.early);
    const reported = sum((round) => round.reported);
    const figures = { podsBeforeTheDenyAll: early, reportedByController: reported };
    const found = { count: sum((round) => round.bursts), ...figures, problems: [] };
    report(resultOf("I1a", condition, found, since));
  }
}

async function useAgain(
  { cluster, installation, near, far }: Scene,
  prefix: string,
  isDead: boolean,
  signal: AbortSignal,
): Promise<Round> {
  const link = cluster.servers[1]?.storeLink;
  if (link === undefined) throw new Error("one API server cannot lag behind another");
  let running = await startBoth(installation);
  const names = namesOf(prefix.slice(0, -1), perRound);
  await installation.whenInForce();
  await createIsolated(near, prefix, names, signal);
  // The other server has heard of all of them when it accepts a pod in each.
  await Promise.all(names.map((name) => insist(far, name, { pods: 1 }, signal)));
  if (isDead) await Promise.all(running.map((replica) => replica.kill()));
  link.withholdMarked();
  for (const name of names) await erase(cluster.store, name);
  await delay(500, undefined, { signal });
  await Promise.all(names.map((name) => postNamespace(near, name)));
  await Promise.all(names.map((name) => createWhenKnown(far, name, signal)));
  link.open();
  if (isDead) running = await startBoth(installation);
  await Promise.all(names.map((name) => insist(near, name, { pods: 1 }, signal)));
  const { early } = await judgePods(cluster.store, prefix);
  const end = performance.now() + reportMs;
  const reported = (): number =>
    running
      .flatMap((replica) => replica.lines())
      .filter((line) => line["event"] === "older-pods")
      .reduce((total, line) => total + Number(line["count"]), 0);
  while (reported() < early.length && performance.now() < end) {
    await delay(200, undefined, { signal });
  }
  const told = reported();
  await Promise.all(running.map((replica) => replica.kill()));
  return { bursts: perRound, early: early.length, reported: told };
}

function startBoth(installation: Installation): Promise<readonly Replica[]> {
  return Promise.all([installation.startWebhook(), installation.startController("controller")]);
}

/** One try, but for an API server that has not heard of the namespace yet. */
async function createWhenKnown(
  client: RawClient,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + 5000;
  while (performance.now() < end) {
    const answer = await createPod(client, "early", namespace);
    if (answer.status !== 404) return;
    await delay(20, undefined, { signal });
  }
}
