import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { ExecAuth } from "@kubernetes/client-node/dist/exec_auth.js";
import type { User } from "@kubernetes/client-node/dist/config_types.js";
import type { Target } from "./kubeconfig.ts";
import type { ClientPair } from "./tls.ts";

export type Headers = { readonly [name: string]: string | string[] };
export type Identity = { readonly headers: Headers; readonly pair: ClientPair };
/** A plug-in of client-node: adds headers or a client certificate to request options. */
type Authenticator = { applyAuthentication(user: User, options: RequestOptions): Promise<void> };

/** A function that tells who we are; token files are read each time, plug-ins cache by expiry. */
export async function createAuthentication(target: Target): Promise<() => Promise<Identity>> {
  const { user, source } = target;
  const plugin = await pluginFor(target);
  return async () => {
    const added: { [name: string]: string } = {};
    const options: RequestOptions = { headers: added };
    try {
      await plugin?.authenticator.applyAuthentication(plugin.user, options);
      const bearer = user.tokenFile ? await readFile(user.tokenFile, "utf8") : user.token;
      if (bearer) added["Authorization"] = `Bearer ${bearer.trim()}`;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message.trim() : String(cause);
      throw new Error(`${source}: user "${user.name}" cannot authenticate: ${why}`, { cause });
    }
    return {
      headers: { ...basic(user), ...added, ...impersonation(user) },
      pair: {
        ...(typeof options.cert === "string" ? { cert: options.cert } : {}),
        ...(typeof options.key === "string" ? { key: options.key } : {}),
      },
    };
  };
}

async function pluginFor(
  target: Target,
): Promise<{ authenticator: Authenticator; user: User } | undefined> {
  const { user, source } = target;
  if (user.exec) return { authenticator: new ExecAuth(), user: withExecInfo(target) };
  if (!user.authProvider) return undefined;
  const provider: string = user.authProvider.name;
  if (provider !== "oidc")
    throw new Error(
      `${source}: user "${user.name}" uses the auth-provider "${provider}", which Kubernetes removed; use its exec plugin`,
    );
  // Only here the whole package is worth its memory.
  const { OpenIDConnectAuth } = await import("@kubernetes/client-node/dist/oidc_auth.js");
  return { authenticator: new OpenIDConnectAuth(), user };
}

/** Plugins read the request they answer from this variable, and some refuse to run without it. */
function withExecInfo({ user, cluster }: Target): User {
  const exec: { apiVersion?: string; env?: unknown[]; provideClusterInfo?: boolean } = user.exec;
  const info = {
    apiVersion: exec.apiVersion ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo
        ? {
            cluster: {
              server: cluster.server,
              "certificate-authority-data": cluster.caData,
              "insecure-skip-tls-verify": cluster.skipTLSVerify,
              "tls-server-name": cluster.tlsServerName,
            },
          }
        : {}),
    },
  };
  const variable = { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) };
  return { ...user, exec: { ...exec, env: [...(exec.env ?? []), variable] } };
}

function basic(user: User): Headers {
  if (!user.username) return {};
  const pair = Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64");
  return { Authorization: `Basic ${pair}` };
}

function impersonation(user: Target["user"]): Headers {
  return {
    ...(user.impersonateUser ? { "Impersonate-User": user.impersonateUser } : {}),
    ...(user.impersonateGroups ? { "Impersonate-Group": [...user.impersonateGroups] } : {}),
  };
}
