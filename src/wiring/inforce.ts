import { type Exclusion, isExcluded } from "../api/excluded.ts";
import { lookup } from "../api/meta.ts";
import { defaultDenyLabel, isolationLabel } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import { ApiError } from "../kube/apierror.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import { collectionPath, namespaces } from "../kube/path.ts";
import { names } from "../registration/names.ts";

/** An API server looks at its policies once a second. */
const limitMs = 10_000;
const pauseMs = 50;

/**
 * Resolves with true once the API server applies what was registered, which it does a moment after
 * it stores it; with false when it does not, or when nobody can tell. Asks by dry runs alone.
 */
export async function whenInForce(
  client: Pick<KubeClient, "create">,
  exclusion: Exclusion,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const name = `ringfence-probe-${Math.random().toString(36).slice(2, 10)}`;
  const isMarkable = !isExcluded(exclusion, name);
  const end = clock.now() + limitMs;
  do {
    const isProtected = await protects(client, name, signal);
    if (isProtected && (!isMarkable || (await marks(client, name, signal)))) return true;
    await clock.sleep(pauseMs, signal);
  } while (clock.now() < end);
  return false;
}

/** Whether a label is refused that the last of the validating policies refuses to everybody. */
async function protects(
  client: Pick<KubeClient, "create">,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  const asked = client.create(path, namespace(name, "probe"), { dryRun: true }, signal);
  const answer = await asked.catch((error: unknown) => error);
  return answer instanceof ApiError && answer.message.includes(names.namespaceLabels);
}

/** Whether a new namespace becomes pending, by policy or by webhook; another's refusal is a no. */
async function marks(
  client: Pick<KubeClient, "create">,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  const asked = client.create(path, namespace(name, "enabled"), { dryRun: true }, signal);
  const marked = await asked.catch(() => undefined);
  return lookup(marked?.metadata.labels, isolationLabel) === "pending";
}

const path = collectionPath(namespaces);

function namespace(name: string, defaultDeny: string): Namespace {
  const metadata = { name, labels: { [defaultDenyLabel]: defaultDeny } };
  return { apiVersion: "v1", kind: "Namespace", metadata };
}
