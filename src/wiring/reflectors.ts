import type { ObjectMeta } from "../api/meta.ts";
import { allowDNSPolicy, defaultDenyPolicy, fieldManager } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy, NetworkPolicySpec } from "../api/networkpolicy.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log } from "../kube/log.ts";
import type { KubeObject } from "../kube/object.ts";
import { collectionPath, namespaces, networkPolicies } from "../kube/path.ts";
import { Reflector } from "../kube/reflector.ts";

/** How often a copy is compared with the server; a wrong one would otherwise stay wrong. */
const driftCheckMs = 10 * 60_000;

/** Watches every namespace; keeps names, labels and life cycle. */
export function watchNamespaces(client: KubeClient, log: Log): Reflector<Namespace> {
  return new Reflector<Namespace>({
    client,
    resource: { path: collectionPath(namespaces) },
    transform: ({ metadata, ["status"]: status }) => ({
      metadata: { ...slim(metadata), ...created(metadata) },
      ...(isTerminating(status) ? { status: { phase: "Terminating" } } : {}),
    }),
    log,
    timing: { driftCheckMs },
  });
}

/** Watches the managed policy of every namespace and no other: the copy stays small. */
export function watchManagedPolicies(client: KubeClient, log: Log): Reflector<NetworkPolicy> {
  return watchNamed(defaultDenyPolicy, client, log);
}

/** Watches the policy beside it that lets DNS through. */
export function watchCompanions(client: KubeClient, log: Log): Reflector<NetworkPolicy> {
  return watchNamed(allowDNSPolicy, client, log);
}

function watchNamed(name: string, client: KubeClient, log: Log): Reflector<NetworkPolicy> {
  return new Reflector<NetworkPolicy>({
    client,
    resource: { path: collectionPath(networkPolicies), fieldSelector: `metadata.name=${name}` },
    transform: asManagedPolicy,
    log,
    timing: { driftCheckMs },
  });
}

/** As below, and with what is of interest where somebody else has changed it. */
function asManagedPolicy(object: KubeObject): NetworkPolicy {
  const policy = asNetworkPolicy(object);
  const managedFields = (object.metadata.managedFields ?? [])
    .filter(({ manager }) => manager !== fieldManager)
    .map(({ manager }) => (manager === undefined ? {} : { manager }));
  const rivals = managedFields.length > 0 ? { managedFields } : {};
  return { ...policy, metadata: { ...policy.metadata, ...created(object.metadata), ...rivals } };
}

/** The wire object without what nobody reads; the spec is kept as it came. */
export function asNetworkPolicy({ metadata, ["spec"]: spec }: KubeObject): NetworkPolicy {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server validated it
  return { metadata: slim(metadata), spec: spec as NetworkPolicySpec | null };
}

function slim(metadata: ObjectMeta): ObjectMeta {
  const { name, namespace, uid, resourceVersion, labels, deletionTimestamp } = metadata;
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(labels ? { labels } : {}),
    ...(deletionTimestamp ? { deletionTimestamp } : {}),
  };
}

function created({ creationTimestamp }: ObjectMeta): ObjectMeta {
  return creationTimestamp ? { creationTimestamp } : {};
}

function isTerminating(status: unknown): boolean {
  return (
    typeof status === "object" &&
    status !== null &&
    "phase" in status &&
    status.phase === "Terminating"
  );
}
