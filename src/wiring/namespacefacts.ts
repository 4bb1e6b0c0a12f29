import { namespaceNameLabel } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import type { Reflector } from "../kube/reflector.ts";
import type { ClusterFacts, Labels } from "../warnings/cluster.ts";

/** The labels of all namespaces, kept up to date by a watch that is synced. */
export function createNamespaceFacts(
  reflector: Pick<Reflector<Namespace>, "list" | "subscribe">,
): ClusterFacts {
  const namespaces = new Map<string, Labels>();
  const keep = (namespace: Namespace): void => {
    const name = namespace.metadata?.name ?? "";
    const labels = new Map(Object.entries(namespace.metadata?.labels ?? {}));
    namespaces.set(name, labels.set(namespaceNameLabel, name));
  };
  reflector.subscribe(({ type, key, object }) => {
    if (type === "deleted") namespaces.delete(key);
    else keep(object);
  });
  for (const namespace of reflector.list()) keep(namespace);
  return { complete: true, namespaces };
}
