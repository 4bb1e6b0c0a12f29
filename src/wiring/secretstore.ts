import type { SecretStore } from "../certificates/ports.ts";
import { hasStatus } from "../kube/apierror.ts";
import type { KubeClient } from "../kube/client.ts";
import type { KubeObject } from "../kube/object.ts";
import { collectionPath, objectPath } from "../kube/path.ts";

const secrets = { apiVersion: "v1", plural: "secrets" };

type Secret = KubeObject & { readonly data?: { readonly [key: string]: string } | null };

/** The one Secret that holds the authority; nothing else is read or written. */
export function createSecretStore(
  client: KubeClient,
  namespace: string,
  name: string,
): SecretStore {
  const path = objectPath(secrets, name, namespace);
  const secret = (data: ReadonlyMap<string, string>, resourceVersion?: string): Secret => ({
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: { name, namespace, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    data: Object.fromEntries(Array.from(data, ([key, text]) => [key, encode(text)])),
  });
  return {
    get: async (signal) => {
      const found = await client.get<Secret>(path, signal);
      if (found === undefined) return undefined;
      const entries = Object.entries(found.data ?? {});
      const data = new Map(entries.map(([key, value]) => [key, decode(value)]));
      return { resourceVersion: found.metadata.resourceVersion ?? "", data };
    },
    create: async (data, signal) => {
      const made = client.create(collectionPath(secrets, namespace), secret(data), {}, signal);
      return (await wonBy(made)) ? "created" : "exists";
    },
    update: async (data, resourceVersion, signal) => {
      const made = client.replace(path, secret(data, resourceVersion), {}, signal);
      return (await wonBy(made)) ? "updated" : "conflict";
    },
  };
}

/** False when another replica was faster. */
async function wonBy(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (hasStatus(error, 409)) return false;
    throw error;
  }
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
