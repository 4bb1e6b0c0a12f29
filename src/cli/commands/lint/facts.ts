import type { ClusterFacts } from "../../../warnings/cluster.ts";
import { factsOf } from "../../../warnings/facts.ts";
import type { ReadFile } from "./objects.ts";

/** What the other objects of the input say of the cluster: what is there, never what is not. */
export function readFacts(files: readonly ReadFile[], namespace: string): ClusterFacts {
  const objects = files
    .flatMap((file) => file.objects)
    .flatMap((object) => ("kind" in object ? [object.value] : []));
  return factsOf(objects, { complete: false, namespace });
}
