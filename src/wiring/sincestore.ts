import { labelPrefix } from "../api/names.ts";
import { lookup } from "../api/meta.ts";
import type { SinceRecord, SinceStore } from "../isolation/since.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Lease } from "../kube/leaserecord.ts";
import { collectionPath, leases, objectPath } from "../kube/path.ts";
import { names } from "../registration/names.ts";

/** The Lease that the replicas of the controller contend for. */
export const controllerLease = "ringfence-controller";

export const sinceAnnotation = `${labelPrefix}new-namespaces-enabled-since`;
export const installationAnnotation = `${labelPrefix}installation`;

const webhookConfigurations = {
  apiVersion: "admissionregistration.k8s.io/v1",
  plural: "validatingwebhookconfigurations",
};

/**
 * Keeps the record as annotations of the controller's Lease, which needs no further rights. An
 * installation is told by the uid of its webhook configuration.
 */
export function createSinceStore(
  client: Pick<KubeClient, "get" | "create" | "replace">,
  namespace: string,
): SinceStore {
  const path = objectPath(leases, controllerLease, namespace);
  return {
    read: async (signal) => {
      const registered = objectPath(webhookConfigurations, names.validate);
      const installation = (await client.get(registered, signal))?.metadata.uid;
      const record = recordOf(await client.get<Lease>(path, signal));
      return { installation, ...(record ? { record } : {}) };
    },
    write: async (record, signal) => {
      const lease = await client.get<Lease>(path, signal);
      const wanted = annotated(lease, record, namespace);
      // The leader's own renewals come in between: a conflict is thrown, and tried again later.
      if (lease) await client.replace(path, wanted, {}, signal);
      else await client.create(collectionPath(leases, namespace), wanted, {}, signal);
    },
  };
}

function recordOf(lease: Lease | undefined): SinceRecord | undefined {
  const installation = lookup(lease?.metadata.annotations, installationAnnotation);
  const sinceMs = Date.parse(lookup(lease?.metadata.annotations, sinceAnnotation) ?? "");
  if (installation === undefined || Number.isNaN(sinceMs)) return undefined;
  return { installation, sinceMs };
}

function annotated(
  lease: Lease | undefined,
  record: SinceRecord | undefined,
  namespace: string,
): Lease {
  const metadata = lease?.metadata ?? { name: controllerLease, namespace };
  const own = new Set([sinceAnnotation, installationAnnotation]);
  const others = Object.entries(metadata.annotations ?? {}).filter(([key]) => !own.has(key));
  const annotations = {
    ...Object.fromEntries(others),
    ...(record
      ? {
          [sinceAnnotation]: new Date(record.sinceMs).toISOString(),
          [installationAnnotation]: record.installation,
        }
      : {}),
  };
  return {
    ...(lease ?? { apiVersion: "coordination.k8s.io/v1", kind: "Lease" }),
    metadata: { ...metadata, annotations },
  };
}
