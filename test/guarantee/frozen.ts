// A leader that was frozen comes back: it must not act on what it knew, nor take the lease back.
import { setTimeout as delay } from "node:timers/promises";
import { systemNamespace } from "../../src/api/names.ts";
import type { Assets } from "../../src/controlplane/assets.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { postNamespace } from "../support/rawclientnamespaces.ts";
import { followAuditLog } from "../support/ringfenceaudit.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { type Installation, install, type Replica } from "./installation.ts";
import { createIsolated, stillOpen } from "./isolated.ts";
import { type Report, resultOf } from "./result.ts";

const perFreeze = 5;
const takeoverMs = 40_000;
/** How long a lease lasts; one clock writes both times, which somebody may be setting. */
const leaseMs = 15_000 - 100;
/** However busy the machine is: longer than that means that nobody isolates. */
const isolatedMs = 60_000;
const lease = `/apis/coordination.k8s.io/v1/namespaces/${systemNamespace}/leases/ringfence-controller`;

type Scene = {
  readonly cluster: Cluster;
  readonly client: RawClient;
  readonly controllers: readonly Replica[];
};

/** What one freeze came to. */
export type Freeze = {
  readonly problems: readonly string[];
  /** From the freeze until somebody else was the leader. */
  readonly takeoverMs: number;
  /** From the last renewal by who was frozen, as the lease tells: a busy leader renews late. */
  readonly silentMs: number;
  /** Writes to namespaces and NetworkPolicies after the return, new namespaces aside. */
  readonly lateWrites: number;
};

/** Two controllers and a webhook; the leader is frozen `times` times. */
export async function freezeLeader(
  assets: Assets,
  { times, freezeMs, watchMs }: { times: number; freezeMs: number; watchMs: number },
  signal: AbortSignal,
): Promise<readonly Freeze[]> {
  await using cluster = await startCluster(assets, {}, signal);
  await using installation: Installation = await install(cluster, signal);
  await using client = await openRawClient({ kubeconfig: cluster.servers[0].kubeconfig });
  const [, ...controllers] = await Promise.all([
    installation.startWebhook(),
    installation.startController("controller-0"),
    installation.startController("controller-1"),
  ]);
  await installation.whenInForce();
  const scene = { cluster, client, controllers };
  const freezes: Freeze[] = [];
  for (let index = 0; index < times; index++) {
    freezes.push(await freezeOnce(scene, `frozen-${index}-`, { freezeMs, watchMs }, signal));
  }
  return freezes;
}

async function freezeOnce(
  { cluster, client, controllers }: Scene,
  prefix: string,
  { freezeMs, watchMs }: { readonly freezeMs: number; readonly watchMs: number },
  signal: AbortSignal,
): Promise<Freeze> {
  const problems: string[] = [];
  const [leader, before] = await leaderOf(client, controllers, signal);
  // In the middle of its work.
  const sent = Array.from({ length: perFreeze }, (_, index) =>
    postNamespace(client, `${prefix}${index}`),
  );
  await Promise.race(sent);
  leader.process.kill("SIGSTOP");
  const frozenAt = performance.now();
  await Promise.all(sent);
  let tookMs = Number.NaN;
  let last = before;
  for (;;) {
    const now = await leaseOf(client);
    if (now.holder === before.holder) last = now;
    const passedMs = performance.now() - frozenAt;
    const isTaken = now.holder !== before.holder && now.holder !== "";
    if (isTaken && Number.isNaN(tookMs)) tookMs = passedMs;
    if (passedMs > freezeMs && (!Number.isNaN(tookMs) || passedMs > takeoverMs)) break;
    await delay(100, undefined, { signal });
  }
  const next = await leaseOf(client);
  const silentMs = next.acquiredAt - last.renewedAt;
  if (Number.isNaN(tookMs)) problems.push("nobody took over");
  else if (silentMs < leaseMs) problems.push(`taken over ${silentMs} ms after a renewal`);
  const open = await stillOpen(client, prefix, isolatedMs, signal);
  problems.push(...open.map((name) => `${name} is not isolated`));

  const versions = await versionsOf(cluster, prefix);
  const read = await followAuditLog(cluster.servers[0].auditLog);
  leader.process.kill("SIGCONT");
  const end = performance.now() + watchMs;
  while (performance.now() < end) {
    const now = await leaseOf(client);
    if (now.holder !== next.holder) problems.push(`the lease went ${told(next, now)}`);
    await delay(200, undefined, { signal });
  }
  const { transitions } = await leaseOf(client);
  if (transitions !== before.transitions + 1)
    problems.push(`${transitions - before.transitions} changes of the leader`);
  const after = await versionsOf(cluster, prefix);
  for (const [key, modified] of versions) {
    if (after.get(key) !== modified) problems.push(`${key} was changed by who came back`);
  }
  const lateWrites = (await writes(read, prefix)).length;
  if (leader.process.exitCode !== null) problems.push("who came back has ended");

  await createIsolated(client, `${prefix}new`, [`${prefix}new`], signal);
  await delay(1000, undefined, { signal });
  const forNew = (await writes(read, `${prefix}new`)).length;
  if (forNew > 3) problems.push(`${forNew} writes for a new namespace`);
  return { problems, takeoverMs: tookMs, silentMs, lateWrites };
}

/** Waits for a leader: whoever was too busy to renew has given the lease up for a moment. */
async function leaderOf(
  client: RawClient,
  controllers: readonly Replica[],
  signal: AbortSignal,
): Promise<readonly [Replica, Held]> {
  for (;;) {
    const held = await leaseOf(client);
    const leader = controllers.find(({ name }) => name === held.holder);
    if (leader !== undefined) return [leader, held];
    if (held.holder !== "") throw new Error(`${held.holder} leads`);
    await delay(100, undefined, { signal });
  }
}

/** Who holds the lease, and since and until when by its own words, in milliseconds since 1970. */
type Held = {
  readonly holder: string;
  readonly transitions: number;
  readonly acquiredAt: number;
  readonly renewedAt: number;
};

async function leaseOf(client: RawClient): Promise<Held> {
  const { object } = await client.call({ method: "GET", path: lease });
  const { holderIdentity = "", leaseTransitions = 0, ...times } = object.spec ?? {};
  return {
    holder: String(holderIdentity),
    transitions: Number(leaseTransitions),
    acquiredAt: Date.parse(String(times["acquireTime"])),
    renewedAt: Date.parse(String(times["renewTime"])),
  };
}

/** Tells a lease that was taken away from one that its holder gave up or let expire. */
function told(from: Held, to: Held): string {
  const { holder, acquiredAt, renewedAt } = to;
  return `from ${from.holder} to ${holder || "nobody"}: acquired at ${acquiredAt}, renewed at ${renewedAt}`;
}

/** When each namespace and NetworkPolicy was last changed: an apply that changes nothing is no change. */
async function versionsOf(
  { store }: Cluster,
  prefix: string,
): Promise<ReadonlyMap<string, number>> {
  const kinds = ["namespaces", "networkpolicies"];
  const found = await Promise.all(kinds.map((kind) => store.list(`/registry/${kind}/${prefix}`)));
  return new Map(found.flat().map(({ key, modified }) => [key, modified]));
}

async function writes(
  read: Awaited<ReturnType<typeof followAuditLog>>,
  prefix: string,
): Promise<readonly string[]> {
  return (await read())
    .filter(
      ({ user, objectRef }) =>
        user.username.endsWith(":ringfence-dev") &&
        ["namespaces", "networkpolicies"].includes(objectRef?.resource ?? "") &&
        (objectRef?.namespace ?? objectRef?.name ?? "").startsWith(prefix),
    )
    .map(({ verb, objectRef }) => `${verb} ${objectRef?.resource} ${objectRef?.namespace}`);
}

/** Freezes of 60 s for as long as there is time, or one of 20 s. */
export async function proveFrozen(
  assets: Assets,
  { full, times = 10 }: { readonly full: boolean; readonly times?: number | undefined },
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const since = performance.now();
  const plan = full
    ? { times, freezeMs: 60_000, watchMs: 20_000 }
    : { times: 1, freezeMs: 20_000, watchMs: 5000 };
  const freezes = await freezeLeader(assets, plan, signal);
  const figures = {
    freezeMs: plan.freezeMs,
    takeoverMsMax: Math.round(Math.max(...freezes.map((freeze) => freeze.takeoverMs))),
    silentMsMin: Math.min(...freezes.map((freeze) => freeze.silentMs)),
    lateWrites: freezes.reduce((sum, { lateWrites }) => sum + lateWrites, 0),
  };
  const problems = freezes.flatMap((freeze) => freeze.problems);
  report(resultOf("A9", "leader frozen", { count: freezes.length, ...figures, problems }, since));
}
