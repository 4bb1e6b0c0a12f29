// From nothing to ready, among few namespaces and among many; and ready means ready.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../scripts/bundle.ts";
import type { Assets } from "../../src/controlplane/assets.ts";
import { median, round } from "../bench/figures.ts";
import { fill, namesOf } from "../bench/isolationcluster.ts";
import { networkPolicy, specs } from "../support/policies.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { startCluster } from "./cluster.ts";
import { install } from "./installation.ts";
import { type Report, resultOf } from "./result.ts";

const main = new URL("../../src/main.ts", import.meta.url).pathname;
const callsAtOnce = 10;
const callsMs = 1500;

export type ColdStart = {
  readonly webhookMs: number;
  readonly controllerMs: number;
  /** Calls after it was ready, and those that were not answered as they must be. */
  readonly calls: number;
  readonly wrong: readonly string[];
};

export type Population = { readonly namespaces: number; readonly policiesEach: number };

/** Starts webhook and controller together, from nothing, again and again. */
export async function startCold(
  assets: Assets,
  { namespaces, policiesEach }: Population,
  times: number,
  signal: AbortSignal,
): Promise<readonly ColdStart[]> {
  const folder = await mkdtemp(join(tmpdir(), "ringfence-bundle-"));
  try {
    await bundle(main, folder);
    await using cluster = await startCluster(assets, {}, signal);
    await using client = await openRawClient({ kubeconfig: cluster.servers[0].kubeconfig });
    const names = namesOf("there", namespaces);
    await fill(client, names, true, signal);
    await addPolicies(client, names, policiesEach, signal);
    await using installation = await install(cluster, signal, [join(folder, "ringfence.mjs")]);
    const starts: ColdStart[] = [];
    for (let index = 0; index <= times; index++) {
      const controlling = installation.startController(`controller-${index}`);
      const webhook = await installation.startWebhook();
      const { calls, wrong } = await callAtOnce(client, signal);
      const controller = await controlling;
      const { readyMs: webhookMs } = webhook;
      // The first start makes the authority and its trust: not what a restart has to wait for.
      if (index > 0) starts.push({ webhookMs, controllerMs: controller.readyMs, calls, wrong });
      await Promise.all([webhook.kill(), controller.kill()]);
    }
    return starts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Good and bad NetworkPolicies from the first moment on; each answer must be the right one. */
async function callAtOnce(
  client: RawClient,
  signal: AbortSignal,
): Promise<Pick<ColdStart, "calls" | "wrong">> {
  const end = performance.now() + callsMs;
  const path = "/apis/networking.k8s.io/v1/namespaces/there-0/networkpolicies?dryRun=All";
  const wrong: string[] = [];
  let calls = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      signal.throwIfAborted();
      const isGood = calls % 2 === 0;
      calls += 1;
      const body = networkPolicy("one", "there-0", isGood ? specs.named : specs.anyone);
      const { status, message } = await client.call({ method: "POST", path, body });
      const isRight = isGood ? status === 201 : status === 403 && message.includes("no-anyone");
      if (!isRight) wrong.push(`${isGood ? "good" : "bad"}: ${status} ${message}`);
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, worker));
  return { calls, wrong };
}

async function addPolicies(
  client: RawClient,
  namespaces: readonly string[],
  each: number,
  signal: AbortSignal,
): Promise<void> {
  const queue = namespaces.values();
  const worker = async (): Promise<void> => {
    for (const name of queue) {
      signal.throwIfAborted();
      const path = `/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`;
      for (let index = 0; index < each; index++) {
        const body = networkPolicy(`policy-${index}`, name, specs.named);
        const { status, message } = await client.call({ method: "POST", path, body });
        if (status !== 201) throw new Error(message);
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** Full: 10 starts among 10,000 namespaces and 50,000 NetworkPolicies; both: among 100. */
export async function proveColdStart(
  assets: Assets,
  { full, times = 10 }: { readonly full: boolean; readonly times?: number | undefined },
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const few = { namespaces: 100, policiesEach: 4, limitMs: 3000 };
  const many = { namespaces: 10_000, policiesEach: 4, limitMs: 10_000 };
  for (const { limitMs, ...population } of full ? [few, many] : [few]) {
    const since = performance.now();
    const starts = await startCold(assets, population, full ? times : 5, signal);
    const ready = starts.map(({ webhookMs, controllerMs }) => Math.max(webhookMs, controllerMs));
    const figures = {
      readyMsP50: round(median(ready)),
      readyMsMax: round(Math.max(...ready)),
      webhookMsP50: round(median(starts.map(({ webhookMs }) => webhookMs))),
      limitMs,
      // Depends on the machine, so it is published and is no breach.
      withinLimit: ready.filter((ms) => ms <= limitMs).length,
      calls: starts.reduce((sum, { calls }) => sum + calls, 0),
    };
    const problems = starts.flatMap(({ wrong }) => wrong);
    const { namespaces, policiesEach } = population;
    const condition = `${namespaces} namespaces, ${namespaces * (policiesEach + 1)} NetworkPolicies`;
    report(resultOf("A6", condition, { count: starts.length, ...figures, problems }, since));
  }
}
