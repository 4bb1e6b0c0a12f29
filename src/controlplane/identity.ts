import { randomBytes } from "node:crypto";
import { stringify } from "yaml";

/** Somebody who may speak to the API server: a short name for us, a user name and groups for it. */
export type Identity = Readonly<{ name: string; user: string; groups: readonly string[] }>;

export type TokenIdentity = Identity & Readonly<{ token: string }>;

export const adminIdentity: Identity = { name: "admin", user: "admin", groups: ["system:masters"] };

export const controllerManagerIdentity: Identity = {
  name: "kube-controller-manager",
  user: "system:kube-controller-manager",
  groups: [],
};

/** A service account as the API server names it, so that RBAC bindings to it apply. */
export function serviceAccountIdentity(namespace: string, account: string): Identity {
  return {
    name: account,
    user: `system:serviceaccount:${namespace}:${account}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
  };
}

/** Gives an identity a fresh secret token. */
export function withToken(identity: Identity): TokenIdentity {
  return { ...identity, token: randomBytes(24).toString("hex") };
}

/** The file for `--token-auth-file`: token, user, uid and the quoted groups on each line. */
export function renderTokenFile(identities: readonly TokenIdentity[]): string {
  return identities
    .map(({ token, user, name, groups }) => `${token},"${user}",${name},"${groups.join(",")}"\n`)
    .join("");
}

/** A kubeconfig with one cluster, one user and one context. */
export function renderKubeconfig(url: string, ca: string, identity: TokenIdentity): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "ringfence",
        cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") },
      },
    ],
    users: [{ name: identity.name, user: { token: identity.token } }],
    contexts: [
      {
        name: "ringfence",
        context: { cluster: "ringfence", user: identity.name, namespace: "default" },
      },
    ],
    "current-context": "ringfence",
  });
}
