import { access } from "node:fs/promises";
import { isIPv6 } from "node:net";
import type { Target } from "./kubeconfig.ts";

export type Environment = { readonly [name: string]: string | undefined };

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The API server as a pod sees it, with the pod's service account. */
export async function inClusterTarget(
  environment: Environment,
  folder: string = serviceAccount,
): Promise<Target> {
  const host = environment["KUBERNETES_SERVICE_HOST"];
  const port = environment["KUBERNETES_SERVICE_PORT"] ?? "443";
  if (!host) throw new Error("in-cluster: KUBERNETES_SERVICE_HOST is not set: this is not a pod");
  for (const name of ["ca.crt", "token"]) await mustExist(`${folder}/${name}`);
  return {
    source: "in-cluster",
    cluster: {
      name: "in-cluster",
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      caFile: `${folder}/ca.crt`,
      skipTLSVerify: false,
    },
    user: { name: "service account", tokenFile: `${folder}/token` },
    namespace: undefined,
  };
}

async function mustExist(path: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    const why = "is the service account token mounted?";
    throw new Error(`in-cluster: ${path} cannot be read: ${why}`, { cause });
  }
}
