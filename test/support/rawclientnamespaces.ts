import { type Answered, openRawClient, type RawAnswer, type RawClient } from "./rawclient.ts";

export type Labels = Readonly<Record<string, string>>;

/** Creates a namespace, as whoever is asked to; a refusal is an answer. */
export function postNamespace(
  client: RawClient,
  name: string,
  labels: Labels = {},
  options: { readonly as?: string; readonly dryRun?: boolean } = {},
): Promise<RawAnswer> {
  const metadata = { ...(name.endsWith("-") ? { generateName: name } : { name }), labels };
  const body = { apiVersion: "v1", kind: "Namespace", metadata };
  const { as, dryRun = false } = options;
  const path = `/api/v1/namespaces${dryRun ? "?dryRun=All" : ""}`;
  return client.call({ method: "POST", path, body, ...(as === undefined ? {} : { as }) });
}

/** Creates a namespace and waits until Ringfence has isolated it. */
export async function isolatedNamespace(
  client: RawClient,
  name: string,
  labels: Labels = {},
): Promise<void> {
  const { status, message } = await postNamespace(client, name, labels);
  if (status !== 201) throw new Error(message);
  const end = Date.now() + 10_000;
  while ((await labelsOf(client, name))["ringfence.dev/isolation"] !== "ready") {
    if (Date.now() > end) throw new Error(`namespace ${name} is not isolated after 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The labels of a namespace as they are now. */
export async function labelsOf(client: RawClient, name: string): Promise<Labels> {
  const { object } = await client.call({ method: "GET", path: `/api/v1/namespaces/${name}` });
  return object.metadata?.labels ?? {};
}

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
