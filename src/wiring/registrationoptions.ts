import type { Configuration } from "../config/configuration.ts";
import type { KubeClient } from "../kube/client.ts";
import { servedResources } from "../kube/discovery.ts";
import { markingApi, resolveMarking } from "../registration/marking.ts";
import {
  defaultTimeouts,
  type Endpoint,
  type FailurePolicy,
  type RegistrationOptions,
} from "../registration/options.ts";

/** The APIs that decide what is registered, as `group/version/resource`. */
export async function findServedApis(
  client: Pick<KubeClient, "get">,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const groupVersion = markingApi.slice(0, markingApi.lastIndexOf("/"));
  const resources = await servedResources(client, groupVersion, signal);
  return new Set(resources.map(({ name }) => `${groupVersion}/${name}`));
}

/** What is registered for a configuration, an API server, and a place to be called at. */
export function registrationOptions(
  { defaults, defaultDeny, exemptions }: Configuration,
  servedApis: ReadonlySet<string>,
  place: {
    readonly endpoint: Endpoint;
    readonly caBundle: string;
    readonly ownNamespace: string;
    readonly controller: string;
    readonly failurePolicy: FailurePolicy;
  },
): RegistrationOptions {
  return {
    ...place,
    newNamespaces: defaultDeny.newNamespaces,
    existingNamespaces: defaultDeny.existingNamespaces,
    defaults: { enforce: defaults.enforce, version: defaults.version },
    excludedNamespaces: defaultDeny.excludedNamespaces,
    exemptNamespaces: exemptions.namespaces,
    marking: resolveMarking(defaultDeny.marking, servedApis).marking,
    timeouts: defaultTimeouts,
  };
}
