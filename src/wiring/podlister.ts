import type { PodLister } from "../isolation/ports.ts";
import type { KubeClient } from "../kube/client.ts";
import { collectionPath, pods } from "../kube/path.ts";

/** A namespace whose first thousand pods tell nothing has told enough. */
const podsAtMost = 1000;

/** Asks the API server for metadata alone, a page at a time. */
export function createPodLister(client: Pick<KubeClient, "list">): PodLister {
  return {
    list: async (namespace, signal) => {
      const listed = await client.list(
        collectionPath(pods, namespace),
        {
          fieldSelector: "status.phase!=Succeeded,status.phase!=Failed",
          metadataOnly: true,
          atMost: podsAtMost,
          transform: ({ metadata: { name, creationTimestamp, resourceVersion } }) => ({
            ...(name === undefined ? {} : { name }),
            ...(resourceVersion === undefined ? {} : { resourceVersion }),
            ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
          }),
        },
        signal,
      );
      return listed.items;
    },
  };
}
