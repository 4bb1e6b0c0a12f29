import type { Logger } from "pino";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { KubeClient } from "../kube/client.ts";
import { type ConnectionOptions, loadConnection } from "../kube/connection.ts";
import type { Reflector } from "../kube/reflector.ts";
import { watchManagedPolicies, watchNamespaces } from "./reflectors.ts";

export type Cluster = {
  readonly client: KubeClient;
  readonly server: string;
  readonly namespaces: Reflector<Namespace>;
  readonly policies: Reflector<NetworkPolicy>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Connects to a cluster and begins to watch it; the copies are not synced yet. */
export async function connect(
  options: ConnectionOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<Cluster> {
  const connection = await loadConnection({ ...options, log }, signal);
  const client = new KubeClient(connection);
  const namespaces = watchNamespaces(client, log);
  const policies = watchManagedPolicies(client, log);
  namespaces.start(signal);
  policies.start(signal);
  return {
    client,
    server: connection.server.href,
    namespaces,
    policies,
    [Symbol.asyncDispose]: async () => {
      await namespaces[Symbol.asyncDispose]();
      await policies[Symbol.asyncDispose]();
      await client[Symbol.asyncDispose]();
    },
  };
}

/** Resolves once both copies hold what the API server holds. */
export async function whenSynced(cluster: Cluster, signal: AbortSignal): Promise<void> {
  await Promise.all([cluster.namespaces.whenSynced(signal), cluster.policies.whenSynced(signal)]);
}

type Review = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly status?: { readonly userInfo?: { readonly username?: string } };
};

/** Who the API server says that we are. */
export async function whoAmI(
  client: Pick<KubeClient, "create">,
  signal: AbortSignal,
): Promise<string> {
  const review: Review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const answer = await client.create(path, review, {}, signal);
  return answer.status?.userInfo?.username ?? "";
}
