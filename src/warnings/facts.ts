import { namespaceNameLabel } from "../api/names.ts";
import { isFields } from "../netpol/wire.ts";
import type { ClusterFacts, KnownPod, KnownService, Labels } from "./cluster.ts";
import { readPod } from "./readpod.ts";
import { readService } from "./readservice.ts";
import { isKind, placeOf, readLabels } from "./readobject.ts";

/**
 * What objects, as they stand on the wire or in files, say of a cluster; other kinds and what cannot
 * be read say nothing.
 */
export function factsOf(
  objects: Iterable<unknown>,
  { complete, namespace }: { readonly complete: boolean; readonly namespace: string },
): ClusterFacts {
  const namespaces = new Map<string, Labels>();
  const pods = new Map<string, KnownPod[]>();
  const services = new Map<string, KnownService[]>();
  for (const object of objects) {
    if (!isFields(object)) continue;
    const place = placeOf(object);
    if (isKind(object, "v1", "Namespace")) {
      const labels = readLabels(object["metadata"]).set(namespaceNameLabel, place.name);
      namespaces.set(place.name, labels);
      continue;
    }
    const within = place.namespace ?? namespace;
    const pod = readPod(object);
    if (pod !== undefined) add(pods, within, pod);
    const service = readService(object);
    if (service !== undefined) add(services, within, service);
  }
  return { complete, namespaces, pods, services };
}

function add<T>(index: Map<string, T[]>, key: string, item: T): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [item]);
  else list.push(item);
}
