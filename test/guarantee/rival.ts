// Somebody keeps undoing what Ringfence does: it neither gives up nor goes to war.
import { setTimeout as delay } from "node:timers/promises";
import type { Assets } from "../../src/controlplane/assets.ts";
import { names } from "../../src/registration/names.ts";
import { denyAllPath } from "../bench/isolationcluster.ts";
import { openRawClient, type RawAnswer, type RawClient } from "../support/rawclient.ts";
import { startRingfence } from "../support/ringfence.ts";
import { followAuditLog } from "../support/ringfenceaudit.ts";
import { startCluster } from "./cluster.ts";
import { createIsolated } from "./isolated.ts";
import { type Report, resultOf } from "./result.ts";

const prefix = "rivalry-";
const namespace = `${prefix}contended`;
const other = `${prefix}left-alone`;
const bindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
export const writesAtMost = 30;

export type Rivalry = {
  readonly rivalWrites: number;
  /** What Ringfence wrote to that namespace and its NetworkPolicies; Events are no writes. */
  readonly writes: number;
  /** How often it said that the namespace is contended. */
  readonly contended: number;
  /** Another namespace's deny-all was repaired meanwhile, in so many milliseconds. */
  readonly otherRepairedMs: number;
};

/** A rival applies a rule to one deny-all again every second, for so long. */
export async function contend(
  assets: Assets,
  seconds: number,
  signal: AbortSignal,
): Promise<Rivalry> {
  await using cluster = await startCluster(assets, {}, signal);
  const [server] = cluster.servers;
  await using client = await openRawClient({ kubeconfig: server.kubeconfig });
  await using ringfence = await startRingfence({ kubeconfig: server.ringfenceKubeconfig });
  await createIsolated(client, prefix, [namespace, other], signal);
  await client.call({ method: "DELETE", path: `${bindings}/${names.managedPolicy}` });
  while ((await reopen(client, namespace, "?dryRun=All&")).status !== 200) {
    await delay(50, undefined, { signal });
  }
  const read = await followAuditLog(server.auditLog);
  let rivalWrites = 0;
  let otherRepairedMs = Number.NaN;
  for (let second = 0; second < seconds; second++) {
    const wait = delay(1000, undefined, { signal });
    const { status, message } = await reopen(client, namespace);
    if (status !== 200) throw new Error(message);
    rivalWrites += 1;
    if (second === Math.floor(seconds / 2)) otherRepairedMs = await repairedMs(client, signal);
    await wait;
  }
  const own = (await read()).filter(
    ({ user, verb, objectRef }) =>
      user.username.endsWith(":ringfence-dev") &&
      ["create", "update", "patch", "delete"].includes(verb) &&
      ["namespaces", "networkpolicies"].includes(objectRef?.resource ?? "") &&
      (objectRef?.namespace === namespace || objectRef?.name === namespace),
  );
  const contended = ringfence
    .lines()
    .filter((line) => line["event"] === "contended" && line["namespace"] === namespace).length;
  return { rivalWrites, writes: own.length, contended, otherRepairedMs };
}

/** As `kubectl apply --server-side --force-conflicts` of one's own version does. */
function reopen(client: RawClient, name: string, query = "?"): Promise<RawAnswer> {
  const path = `${denyAllPath(name)}${query}fieldManager=rival&force=true`;
  const body = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "ringfence-default-deny" },
    spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
  };
  return client.call({ method: "PATCH", path, body, contentType: "application/apply-patch+yaml" });
}

/** A namespace that is not contended is repaired at once, whatever happens in the other. */
async function repairedMs(client: RawClient, signal: AbortSignal): Promise<number> {
  const start = performance.now();
  await reopen(client, other);
  for (;;) {
    const { object } = await client.call({ method: "GET", path: denyAllPath(other) });
    if (object.spec?.["ingress"] === undefined) return performance.now() - start;
    await delay(5, undefined, { signal });
  }
}

/** 10 minutes, or 30 seconds. */
export async function proveRival(
  assets: Assets,
  { full }: { readonly full: boolean },
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const since = performance.now();
  const rivalry = await contend(assets, full ? 600 : 30, signal);
  const { rivalWrites, writes, contended, ...figures } = rivalry;
  const problems = [
    ...(writes <= writesAtMost ? [] : [`${writes} writes, more than ${writesAtMost}`]),
    ...(contended > 0 ? [] : ["it was never reported as contended"]),
  ];
  const found = { count: rivalWrites, writes, contended, ...figures, problems };
  report(resultOf("I8", "a rival every second", found, since));
}
