import { lookup, type Labels } from "../api/meta.ts";
import type { NetworkPolicy, NetworkPolicySpec } from "../api/networkpolicy.ts";
import type { NetworkPolicyLister } from "../admission/ports.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log } from "../kube/log.ts";
import type { KubeObject } from "../kube/object.ts";
import { collectionPath, networkPolicies } from "../kube/path.ts";
import { Reflector } from "../kube/reflector.ts";

/** As JSON: a text takes half the memory of its objects, and is read in some microseconds. */
type PolicyText = string;

/** kubectl's own copy of the whole object: nobody judges it, and it would double what is kept. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const driftCheckMs = 10 * 60_000;
/** So many namespaces' policies are kept as objects, too, unless there are very many in one. */
const maxRecent = 32;
const maxRecentPolicies = 200;

/** Watches the NetworkPolicies of all namespaces; keeps of each what judging needs. */
export function watchNetworkPolicies(client: KubeClient, log: Log): Reflector<PolicyText> {
  return new Reflector<PolicyText>({
    client,
    resource: { path: collectionPath(networkPolicies) },
    transform: (object) => JSON.stringify(asJudged(object)),
    log,
    timing: { driftCheckMs },
  });
}

/** The NetworkPolicies of one namespace, as far as the watch has seen them. */
export type PolicyIndex = { list(namespace: string): readonly NetworkPolicy[] };

/** Sorts by namespace what a reflector holds; create it before the reflector starts. */
export function createPolicyIndex(
  reflector: Pick<Reflector<PolicyText>, "subscribe">,
): PolicyIndex {
  const byNamespace = new Map<string, Map<string, PolicyText>>();
  // Namespaces that are written to now are so again: their policies are read and compiled once.
  const recent = new Map<string, readonly NetworkPolicy[]>();
  reflector.subscribe(({ type, key, object }) => {
    const namespace = key.slice(0, key.indexOf("/"));
    recent.delete(namespace);
    const texts = byNamespace.get(namespace) ?? new Map<string, PolicyText>();
    if (type === "deleted") texts.delete(key);
    else texts.set(key, object);
    if (texts.size > 0) byNamespace.set(namespace, texts);
    else byNamespace.delete(namespace);
  });
  return {
    list(namespace) {
      const known = recent.get(namespace);
      if (known !== undefined) return known;
      const texts = byNamespace.get(namespace)?.values() ?? [];
      const policies = Array.from(texts, (text): NetworkPolicy => JSON.parse(text));
      if (policies.length > maxRecentPolicies) return policies;
      const [oldest] = recent.keys();
      if (recent.size >= maxRecent && oldest !== undefined) recent.delete(oldest);
      recent.set(namespace, policies);
      return policies;
    },
  };
}

/** Lists from the index once the watch is synced; until then the API server is asked. */
export function createPolicyLister(
  index: PolicyIndex,
  reflector: Pick<Reflector<PolicyText>, "synced">,
  client: Pick<KubeClient, "list">,
): NetworkPolicyLister {
  return {
    list: async (namespace, signal) => {
      if (reflector.synced) return index.list(namespace);
      const path = collectionPath(networkPolicies, namespace);
      const { items } = await client.list(path, { transform: asJudged }, signal);
      return items;
    },
  };
}

/** The wire object without what nobody judges; the spec is kept as it came. */
export function asJudged({ metadata, ["spec"]: spec }: KubeObject): NetworkPolicy {
  const { name = "", namespace = "", uid = "", annotations } = metadata;
  const kept = { name, namespace, uid, ...(annotations && { annotations: judged(annotations) }) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API server validated it
  return { metadata: kept, spec: spec as NetworkPolicySpec | null };
}

function judged(annotations: Labels): Labels {
  if (lookup(annotations, lastApplied) === undefined) return annotations;
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== lastApplied));
}
