import type { RawClient } from "./rawclient.ts";

const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** Runs the platform: every right in the API groups of Kubernetes, none in Ringfence's. */
export const operator = "ringfence-test-operator";
/** The same, and may weaken namespaces. */
export const weakener = "ringfence-test-weakener";
export const namespaceController = "system:serviceaccount:kube-system:namespace-controller";

const everything = {
  apiGroups: ["", "apps", "networking.k8s.io"],
  resources: ["*"],
  verbs: ["*"],
};
const weaken = { apiGroups: ["ringfence.dev"], resources: ["namespaces"], verbs: ["weaken"] };

/** Creates the users above; they last as long as the control plane. */
export async function grantRoles(client: RawClient): Promise<void> {
  await grant(client, operator, [everything]);
  await grant(client, weakener, [everything, weaken]);
}

/** Gives a user every right that a tenant may have in a namespace, policies included. */
export async function makeTenant(
  client: RawClient,
  user: string,
  namespace: string,
): Promise<void> {
  await create(client, `${rbac}/namespaces/${namespace}/rolebindings`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: user },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
  });
}

async function grant(client: RawClient, user: string, rules: readonly object[]): Promise<void> {
  const common = { apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name: user } };
  await create(client, `${rbac}/clusterroles`, { ...common, kind: "ClusterRole", rules });
  await create(client, `${rbac}/clusterrolebindings`, {
    ...common,
    kind: "ClusterRoleBinding",
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: user },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
  });
}

async function create(client: RawClient, path: string, body: object): Promise<void> {
  const { status, message } = await client.call({ method: "POST", path, body });
  if (status !== 201 && status !== 409) throw new Error(`${path}: ${message}`);
}
