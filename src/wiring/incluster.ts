import type { Logger } from "pino";
import { obtainAuthority } from "../certificates/shared.ts";
import type { Authority } from "../certificates/pair.ts";
import type { InClusterOptions } from "../cli/options.ts";
import type { KubeClient } from "../kube/client.ts";
import type { ConnectionOptions } from "../kube/connection.ts";
import { createSecretStore } from "./secretstore.ts";
import { UsageError } from "./settings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The service account's own connection, unless a kubeconfig is named. */
export function inClusterConnection(
  { kubeconfig }: InClusterOptions,
  environment: Environment,
): ConnectionOptions {
  return kubeconfig === undefined ? { kubeconfig: "in-cluster", environment } : { kubeconfig };
}

/** The authority that all replicas share; throws when the Secret needs a person. */
export async function shareAuthority(
  client: KubeClient,
  place: { readonly namespace: string; readonly secret: string },
  log: Logger,
  signal: AbortSignal,
): Promise<Authority> {
  const store = createSecretStore(client, place.namespace, place.secret);
  const shared = await obtainAuthority({ store, now: () => new Date() }, signal);
  if ("error" in shared) {
    throw new UsageError(`Secret ${place.namespace}/${place.secret}: ${shared.error}`);
  }
  log.info({ secret: place.secret, origin: shared.origin }, "certificate authority");
  return shared.authority;
}
