import { setTimeout as delay } from "node:timers/promises";
import type { RawClient } from "../support/rawclient.ts";
import { postNamespace } from "../support/rawclientnamespaces.ts";
import type { Cluster } from "./cluster.ts";

export const faultNames = [
  "API server killed",
  "etcd killed",
  "compaction",
  "expired version",
  "stall",
  "silence",
] as const;
export type FaultName = (typeof faultNames)[number];

export type Stage = {
  readonly cluster: Cluster;
  /** Straight to the API server, as the users. */
  readonly client: RawClient;
  readonly holdMs: number;
  /** Changes things while nobody can see it; called once the fault is there. */
  readonly damage: () => Promise<void>;
};

/** Lets a fault happen; resolves when it has ended, with when it began. */
export type Fault = (stage: Stage, signal: AbortSignal) => Promise<void>;

export const faults: Readonly<Record<FaultName, Fault>> = {
  /** SIGKILL; etcd goes on. */
  "API server killed": async ({ cluster, holdMs, damage }, signal) => {
    const [server] = cluster.servers;
    await server.kill();
    await damage();
    await delay(holdMs, undefined, { signal });
    await server.start(signal);
  },

  /** SIGKILL of etcd under a living API server. */
  "etcd killed": async ({ cluster, client, holdMs, damage }, signal) => {
    await damage();
    await cluster.store.kill();
    await delay(holdMs, undefined, { signal });
    await cluster.store.start(signal);
    await whenWritable(client, signal);
  },

  /** The API server is cut off while etcd forgets what it has not seen yet. */
  compaction: async ({ cluster, client, holdMs, damage }, signal) => {
    const [{ storeLink }] = cluster.servers;
    storeLink.refuse();
    await damage();
    await cluster.store.compact();
    await delay(Math.min(holdMs, 10_000), undefined, { signal });
    storeLink.open();
    await whenWritable(client, signal);
  },

  /** Ringfence comes back with a version that the API server does not remember: 410. */
  "expired version": async ({ cluster, client, holdMs, damage }, signal) => {
    const [server] = cluster.servers;
    server.link.refuse();
    await damage();
    await server.kill();
    await server.start(signal);
    await whenWritable(client, signal);
    await cluster.store.compact();
    await delay(holdMs, undefined, { signal });
    server.link.open();
  },

  /** Nothing comes through between Ringfence and the API server, and then everything at once. */
  stall: async ({ cluster, holdMs, damage }, signal) => {
    const [{ link }] = cluster.servers;
    link.withhold();
    await damage();
    await delay(holdMs, undefined, { signal });
    link.open();
  },

  /** As `stall`, but what was sent is lost, and the connections of that time stay silent for ever. */
  silence: async ({ cluster, holdMs, damage }, signal) => {
    const [{ link }] = cluster.servers;
    link.swallow();
    await damage();
    await delay(holdMs, undefined, { signal });
    link.open();
  },
};

/** A write succeeds, so the API server and its etcd work together again. */
async function whenWritable(client: RawClient, signal: AbortSignal): Promise<void> {
  for (;;) {
    const probe = postNamespace(client, "probe", {}, { dryRun: true });
    const answer = await probe.catch(() => undefined);
    // A dry run reads and writes nothing of etcd; a list does not lie.
    const read = await client
      .call({ method: "GET", path: "/api/v1/namespaces/kube-system" })
      .catch(() => undefined);
    if (answer?.status === 201 && read?.status === 200) return;
    await delay(100, undefined, { signal });
  }
}
