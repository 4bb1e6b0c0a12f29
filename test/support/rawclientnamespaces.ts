import { type Answered, openRawClient } from "./rawclient.ts";

/** Deletes the namespaces whose names begin so, without waiting for their end. */
export async function removeNamespaces(prefix: string): Promise<void> {
  await using client = await openRawClient();
  const all = await client.call({ method: "GET", path: "/api/v1/namespaces" });
  const names = (all.object.items ?? []).map(({ metadata }: Answered) => metadata?.name ?? "");
  await Promise.all(
    names
      .filter((name) => name.startsWith(prefix))
      .map((name) => client.call({ method: "DELETE", path: `/api/v1/namespaces/${name}` })),
  );
}
