// No pod before the deny-all of its namespace, whoever is dead.
import { setTimeout as delay } from "node:timers/promises";
import type { Assets } from "../../src/controlplane/assets.ts";
import { createRandom, type Random } from "../fuzz/random.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { type Installation, install, type Replica } from "./installation.ts";
import { judgePods, openNamespaces } from "./judge.ts";
import { type Report, resultOf } from "./result.ts";
import { insist, type Insistence } from "./user.ts";

const podsEach = 3;

const conditions = [
  "everything up",
  "webhook dead",
  "controller dead",
  "API server killed",
  "two API servers",
] as const;
export type BurstCondition = (typeof conditions)[number];

/** How bursts are sent in rounds, and what is done to whom in the middle of each. */
type Plan = {
  readonly servers: 1 | 2;
  readonly perRound: number;
  readonly atOnce: number;
  readonly begin?: (scene: Scene) => Promise<void>;
  readonly disturb?: (scene: Scene, signal: AbortSignal) => Promise<void>;
};

type Scene = {
  readonly cluster: Cluster;
  readonly installation: Installation;
  readonly webhook: Replica;
  controller: Replica;
  readonly random: Random;
};

const plans: Readonly<Record<BurstCondition, Plan>> = {
  "everything up": { servers: 1, perRound: 1000, atOnce: 1 },
  "webhook dead": {
    servers: 1,
    perRound: 1000,
    atOnce: 4,
    begin: ({ webhook }) => webhook.kill(),
  },
  "controller dead": {
    servers: 1,
    perRound: 100,
    atOnce: 20,
    disturb: async (scene, signal) => {
      await delay(scene.random.below(500), undefined, { signal });
      await scene.controller.kill();
      await delay(3000, undefined, { signal });
      scene.controller = await scene.installation.startController("controller");
    },
  },
  "API server killed": {
    servers: 1,
    perRound: 25,
    atOnce: 5,
    disturb: async ({ cluster, random }, signal) => {
      await delay(random.below(800), undefined, { signal });
      await cluster.servers[0].kill();
      await delay(random.below(1000), undefined, { signal });
      await cluster.servers[0].start(signal);
    },
  },
  "two API servers": { servers: 2, perRound: 1000, atOnce: 4 },
};

export type BurstsFound = {
  readonly count: number;
  readonly pods: number;
  /** Pods that were stored before their deny-all. */
  readonly early: readonly string[];
  /** Namespaces and pods that did not come to be, and namespaces that stayed open. */
  readonly unfinished: readonly string[];
  readonly atFirstTry: number;
  readonly refusals: readonly string[];
};

/** Sends so many bursts under one condition, on a control plane of its own. */
export async function sendBursts(
  assets: Assets,
  condition: BurstCondition,
  { count, seed }: { readonly count: number; readonly seed: number },
  signal: AbortSignal,
): Promise<BurstsFound> {
  const plan = plans[condition];
  await using cluster = await startCluster(assets, { servers: plan.servers }, signal);
  await using installation = await install(cluster, signal);
  const [webhook, controller] = await Promise.all([
    installation.startWebhook(),
    installation.startController("controller"),
  ]);
  const random = createRandom(seed, 0);
  const scene: Scene = { cluster, installation, webhook, controller, random };
  const clients = await Promise.all(cluster.servers.map(connect));
  try {
    const [first] = clients;
    if (first === undefined) throw new Error("no API server");
    await installation.whenInForce();
    await plan.begin?.(scene);
    const all: Insistence[] = [];
    for (let from = 0; from < count; from += plan.perRound) {
      const size = Math.min(plan.perRound, count - from);
      const sent = sendRound(clients, from, size, plan.atOnce, signal);
      await plan.disturb?.(scene, signal);
      all.push(...(await sent));
    }
    const { pods, early } = await judgePods(cluster.store, "burst-");
    const unfinished = all.flatMap(({ namespace, missing, refusals }) =>
      missing.map((one) => `${namespace}: ${one} was not accepted: ${refusals.at(-1) ?? ""}`),
    );
    unfinished.push(...(await openNamespaces(first, "burst-")));
    const refusals = [...new Set(all.flatMap((one) => one.refusals))];
    const atFirstTry = all.filter((one) => one.atFirstTry).length;
    return { count: all.length, pods, early, unfinished, atFirstTry, refusals };
  } finally {
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }
}

async function sendRound(
  clients: readonly RawClient[],
  from: number,
  size: number,
  atOnce: number,
  signal: AbortSignal,
): Promise<readonly Insistence[]> {
  const indexes = Array.from({ length: size }, (_, index) => from + index).values();
  const done: Insistence[] = [];
  const worker = async (): Promise<void> => {
    for (const index of indexes) {
      // Namespaces by way of each server in turn, their pods by way of the other.
      const client = clients[index % clients.length];
      const podClient = clients[(index + 1) % clients.length];
      if (client === undefined || podClient === undefined) throw new Error("no API server");
      const patient = Math.floor(index / 2) % 2 === 1;
      const options = { pods: podsEach, patient, podClient, limitMs: 90_000 };
      done.push(await insist(client, `burst-${index}`, options, signal));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done;
}

/** One connection each: what is sent in one breath arrives in one. */
function connect({ kubeconfig }: { readonly kubeconfig: string }): Promise<RawClient> {
  return openRawClient({ kubeconfig, connections: 1 });
}

function marksByPolicy(version: string): boolean {
  return Number(version.split(".")[1]) >= 36;
}

/** All five conditions, 1,000 bursts each, or two with 50. */
export async function proveBursts(
  assets: Assets,
  { full, seed }: { readonly full: boolean; readonly seed: number },
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const short: readonly BurstCondition[] = ["API server killed", "two API servers"];
  for (const condition of full ? conditions : short) {
    // Before 1.36 nothing but the webhook marks a namespace, so the guarantee begins without it later.
    if (condition === "webhook dead" && !marksByPolicy(assets.version)) continue;
    const since = performance.now();
    const found = await sendBursts(assets, condition, { count: full ? 1000 : 50, seed }, signal);
    const { count, pods, early, unfinished, atFirstTry, refusals } = found;
    const figures = { seed, pods, atFirstTryPercent: (atFirstTry * 100) / count, refusals };
    const problems = [...early, ...unfinished];
    report(resultOf("I1", condition, { count, ...figures, problems }, since));
    if (condition !== "everything up") continue;
    // Not one in a thousand may have to ask twice.
    const late = count - atFirstTry;
    const missed = late * 1000 > count ? [`${late} bursts were not accepted at the first try`] : [];
    report(resultOf("I1b", condition, { count, atFirstTry, problems: missed }, since));
  }
}
