import { lookup } from "../api/meta.ts";
import { managedBy, managedByLabel } from "../isolation/desired.ts";
import { hasStatus } from "../kube/apierror.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log } from "../kube/log.ts";
import { objectPath } from "../kube/path.ts";
import { UsageError } from "./settings.ts";
import { everyRegisteredName } from "../registration/names.ts";
import type { RegisteredObject, RegistrationKind } from "../registration/object.ts";

const plurals = {
  ValidatingWebhookConfiguration: "validatingwebhookconfigurations",
  MutatingWebhookConfiguration: "mutatingwebhookconfigurations",
  ValidatingAdmissionPolicy: "validatingadmissionpolicies",
  ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
  MutatingAdmissionPolicy: "mutatingadmissionpolicies",
  MutatingAdmissionPolicyBinding: "mutatingadmissionpolicybindings",
} as const satisfies Record<RegistrationKind, string>;

type Client = Pick<KubeClient, "get" | "apply" | "delete">;

/** Applies the objects in their order and removes what an earlier run with other options left. */
export async function register(
  client: Client,
  objects: readonly RegisteredObject[],
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (const { object, reason } of objects) {
    const { kind, metadata } = object;
    await client.apply(pathOf(kind, metadata.name), object, {}, signal);
    log.debug({ kind, name: metadata.name, reason }, "registered");
  }
  const kept = new Set(objects.map(({ object }) => `${object.kind}/${object.metadata.name}`));
  const stale = everyRegisteredName.filter(({ kind, name }) => !kept.has(`${kind}/${name}`));
  await remove(client, stale, log, signal);
}

/** Removes everything that any options can register, marking and gate first. */
export async function unregister(client: Client, log: Log, signal: AbortSignal): Promise<void> {
  await remove(client, everyRegisteredName, log, signal);
}

async function remove(
  client: Client,
  objects: typeof everyRegisteredName,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (const { kind, name } of objects.toReversed()) {
    if (await client.delete(pathOf(kind, name), {}, signal).catch(notServed)) {
      log.debug({ kind, name }, "removed");
    }
  }
}

/** Throws when a chart has installed Ringfence here: two owners would fight, and we would remove the objects at the end. */
export async function refuseForeign(client: Client, signal: AbortSignal): Promise<void> {
  for (const { kind, name } of everyRegisteredName) {
    const found = await client.get(pathOf(kind, name), signal).catch(notServed);
    const owner = lookup(found?.metadata.labels, managedByLabel);
    if (found === undefined || owner === managedBy) continue;
    throw new UsageError(
      `${kind} "${name}" is managed by ${owner ?? "somebody else"}: this cluster is guarded already; uninstall that before guarding it from here`,
    );
  }
}

/** An older API server does not know the kind: nothing of it can exist. */
function notServed(error: unknown): undefined {
  if (hasStatus(error, 404)) return undefined;
  throw error;
}

function pathOf(kind: RegistrationKind, name: string): string {
  return objectPath({ apiVersion: "admissionregistration.k8s.io/v1", plural: plurals[kind] }, name);
}
