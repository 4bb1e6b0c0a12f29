// What must never be, read from etcd itself: what a client was told, or not, does not count.
import { defaultDenyLabel, defaultDenyPolicy, isolationLabel } from "../../src/api/names.ts";
import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { isolates } from "../../src/isolation/isolates.ts";
import type { Answered, RawClient } from "../support/rawclient.ts";
import type { Store } from "./store.ts";

const pods = "/registry/pods/";
const policies = "/registry/networkpolicies/";

export function denyAllKey(namespace: string): string {
  return `${policies}${namespace}/${defaultDenyPolicy}`;
}

/** What etcd says about the pods of the namespaces whose names begin so. */
export type Verdict = {
  /** Pods that were stored. */
  readonly pods: number;
  /** Those that were stored at a revision at which their namespace had no deny-all. */
  readonly early: readonly string[];
};

/** Compares the revision at which each pod was created with that of its deny-all. */
export async function judgePods(store: Store, prefix: string): Promise<Verdict> {
  const [stored, denyAlls] = await Promise.all([
    store.list(`${pods}${prefix}`),
    store.list(`${policies}${prefix}`),
  ]);
  const since = new Map(denyAlls.map(({ key, created }) => [key, created]));
  const early = stored.filter(({ key, created }) => {
    const [namespace = ""] = key.slice(pods.length).split("/");
    return created <= (since.get(denyAllKey(namespace)) ?? Number.POSITIVE_INFINITY);
  });
  return {
    pods: stored.length,
    early: early.map(({ key, created }) => {
      const [namespace = ""] = key.slice(pods.length).split("/");
      const isolated = since.get(denyAllKey(namespace)) ?? "never";
      return `${key.slice(pods.length)} at revision ${created}, its deny-all at ${isolated}`;
    }),
  };
}

/** Namespaces that are to be isolated and are not, or do not say so yet. */
export async function openNamespaces(
  client: RawClient,
  prefix: string,
): Promise<readonly string[]> {
  const namespaces = await items(client, "/api/v1/namespaces");
  const selector = `fieldSelector=metadata.name=${defaultDenyPolicy}`;
  const denyAlls = await items(client, `/apis/networking.k8s.io/v1/networkpolicies?${selector}`);
  const isolated = new Set(
    denyAlls
      .filter(({ spec }) => isolates(policyOf(spec)))
      .map(({ metadata }) => metadata?.namespace ?? ""),
  );
  return namespaces
    .filter(({ metadata }) => metadata?.name?.startsWith(prefix))
    .flatMap(({ metadata }) => {
      const { name = "", labels = {} } = metadata ?? {};
      if (labels[defaultDenyLabel] !== "enabled") return [`${name}: not marked`];
      if (!isolated.has(name)) return [`${name}: no deny-all that isolates`];
      return labels[isolationLabel] === "ready" ? [] : [`${name}: ${labels[isolationLabel]}`];
    });
}

async function items(client: RawClient, path: string): Promise<readonly Answered[]> {
  const { status, object, message } = await client.call({ method: "GET", path });
  if (status !== 200) throw new Error(`${path}: ${message}`);
  return object.items ?? [];
}

function policyOf(spec: Answered["spec"]): NetworkPolicy {
  return { spec: { ...spec } };
}
