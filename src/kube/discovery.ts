import type { KubeClient } from "./client.ts";

export type ServedResource = {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
};

export type ServerVersion = { readonly minor: number; readonly gitVersion: string };

/** The resources of `v1` or `group/version`; empty when the server does not serve it. */
export async function servedResources(
  client: Pick<KubeClient, "get">,
  groupVersion: string,
  signal: AbortSignal,
): Promise<readonly ServedResource[]> {
  const path = `${groupVersion.includes("/") ? "/apis" : "/api"}/${groupVersion}`;
  const answer = await client.get<{ resources?: readonly ServedResource[] }>(path, signal);
  return answer?.resources ?? [];
}

/** What the server says about itself. */
export async function serverVersion(
  client: Pick<KubeClient, "get">,
  signal: AbortSignal,
): Promise<ServerVersion> {
  const answer = await client.get<{ minor: string; gitVersion: string }>("/version", signal);
  if (answer === undefined) throw new Error("GET /version: this is not a Kubernetes API server");
  // Some providers answer "37+".
  return { minor: Number.parseInt(answer.minor, 10), gitVersion: answer.gitVersion };
}
