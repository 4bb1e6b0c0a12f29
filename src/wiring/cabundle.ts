import { X509Certificate } from "node:crypto";
import type { KubeClient } from "../kube/client.ts";
import { objectPath } from "../kube/path.ts";
import { names } from "../registration/names.ts";

type Configuration = {
  readonly webhooks?: readonly {
    readonly name: string;
    readonly clientConfig?: { readonly caBundle?: string };
  }[];
};

const apiVersion = "admissionregistration.k8s.io/v1";
const validating = { apiVersion, plural: "validatingwebhookconfigurations" };
const mutating = { apiVersion, plural: "mutatingwebhookconfigurations" };

/** The webhook configurations whose `caBundle` the controller keeps, in the order it writes them. */
const configurations = [
  { kind: "ValidatingWebhookConfiguration", path: objectPath(validating, names.validate) },
  { kind: "MutatingWebhookConfiguration", path: objectPath(mutating, names.gate) },
  { kind: "MutatingWebhookConfiguration", path: objectPath(mutating, names.mutate) },
] as const;

/** The `caBundle` with which the API server judges the validating webhook; empty when there is none. */
export async function readCaBundle(
  client: Pick<KubeClient, "get">,
  signal: AbortSignal,
): Promise<string> {
  const found = await client.get<Configuration>(configurations[0].path, signal);
  return found?.webhooks?.[0]?.clientConfig?.caBundle ?? "";
}

/** Why the bundle does not contain the authority; empty when it does. */
export function trusts(bundle: string, authority: string): string {
  if (bundle === "") return "the webhook configuration has no caBundle yet";
  const { fingerprint256 } = new X509Certificate(authority);
  const trusted = pemBlocks(Buffer.from(bundle, "base64").toString("utf8"));
  const found = trusted.some((pem) => new X509Certificate(pem).fingerprint256 === fingerprint256);
  return found ? "" : "the caBundle of the webhook configuration is not that of our authority";
}

/**
 * Writes the bundle into each webhook of each configuration that exists and has another one; nothing
 * else of them is ours. Answers the names of the configurations that were written.
 */
export async function writeCaBundle(
  client: Pick<KubeClient, "get" | "apply">,
  bundle: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { kind, path } of configurations) {
    const found = await client.get<Configuration>(path, signal);
    const webhooks = found?.webhooks ?? [];
    if (webhooks.every(({ clientConfig }) => clientConfig?.caBundle === bundle)) continue;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const clientConfig = { caBundle: bundle };
    const object = {
      apiVersion,
      kind,
      metadata: { name },
      webhooks: webhooks.map((webhook) => ({ name: webhook.name, clientConfig })),
    };
    await client.apply(path, object, {}, signal);
    written.push(name);
  }
  return written;
}

function pemBlocks(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}
