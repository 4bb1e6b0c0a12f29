import type { Level } from "../../src/api/level.ts";
import { networkPolicy, specs } from "./policies.ts";
import type { RawClient } from "./rawclient.ts";

/** What tells the levels apart: accepted at privileged alone, and at baseline too. */
const probes = ["everyNamespace", "labelled"] as const;
const accepted: { readonly [level in Level]: readonly (typeof probes)[number][] } = {
  privileged: ["everyNamespace", "labelled"],
  baseline: ["labelled"],
  restricted: [],
};

/** Labels a namespace with a level to enforce, and waits until Ringfence judges by it. */
export async function enforceLevel(
  client: RawClient,
  namespace: string,
  level: Level,
): Promise<void> {
  const labelled = await client.call({
    method: "PATCH",
    path: `/api/v1/namespaces/${namespace}`,
    contentType: "application/merge-patch+json",
    body: { metadata: { labels: { "ringfence.dev/enforce": level } } },
  });
  if (labelled.status !== 200) throw new Error(labelled.message);
  const end = Date.now() + 10_000;
  while (!(await judgesBy(client, namespace, level))) {
    if (Date.now() > end) throw new Error(`${namespace} is not judged by ${level} after 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function judgesBy(client: RawClient, namespace: string, level: Level): Promise<boolean> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies?dryRun=All`;
  for (const probe of probes) {
    const body = networkPolicy("probe", namespace, specs[probe]);
    const { status } = await client.call({ method: "POST", path, body });
    if ((status === 201) !== accepted[level].includes(probe)) return false;
  }
  return true;
}
