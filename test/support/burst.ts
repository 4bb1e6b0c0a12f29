import { defaultDenyPolicy } from "../../src/api/names.ts";
import { pod } from "./policies.ts";
import type { RawAnswer, RawClient } from "./rawclient.ts";

/** What came of one namespace and its pods, sent at once. */
export type Burst = {
  readonly namespace: string;
  readonly answers: readonly RawAnswer[];
};

/**
 * Sends a namespace and some pods for it in one breath; nothing waits for an answer, or with
 * `patient` the pods wait for that of the namespace, as kubectl does: they come a little sooner,
 * because an API server makes pods wait for a namespace that it does not know yet.
 */
export async function sendBurst(
  client: RawClient,
  namespace: string,
  options: {
    readonly pods: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly patient?: boolean;
  },
): Promise<Burst> {
  const { pods, labels = {}, patient = false } = options;
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } };
  const created = client.call({ method: "POST", path: "/api/v1/namespaces", body });
  if (patient) await created;
  const names = Array.from({ length: pods }, (_, index) => `web-${index}`);
  const answers = await Promise.all(names.map((name) => createWhenKnown(client, name, namespace)));
  const { status, message } = await created;
  if (status !== 201) throw new Error(`namespace ${namespace} was not created: ${message}`);
  return { namespace, answers };
}

/**
 * An API server gives a namespace that is on its way 50 ms, then there is none: a busy machine's
 * answer that says nothing of Ringfence.
 */
async function createWhenKnown(
  client: RawClient,
  name: string,
  namespace: string,
): Promise<RawAnswer> {
  const answer = await createPod(client, name, namespace);
  const isUnknown = answer.message === `namespaces "${namespace}" not found`;
  return isUnknown ? createWhenKnown(client, name, namespace) : answer;
}

/** A name with a trailing dash is generated. */
export function createPod(
  client: RawClient,
  name: string,
  namespace: string,
  query = "",
): Promise<RawAnswer> {
  const path = `/api/v1/namespaces/${namespace}/pods${query}`;
  return client.call({ method: "POST", path, body: pod(name, namespace) });
}

/** Reads the deny-all of a namespace: 200, or 404. */
export function getDenyAll(client: RawClient, namespace: string): Promise<RawAnswer> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${defaultDenyPolicy}`;
  return client.call({ method: "GET", path });
}

/** Where an object stands in the order in which etcd stored things; Infinity when it is not there. */
export function order({ object }: RawAnswer): number {
  return Number(object.metadata?.resourceVersion ?? "Infinity");
}
