import { networkPolicy, specs } from "./policies.ts";
import type { RawClient } from "./rawclient.ts";
import { type Labels, postNamespace } from "./rawclientnamespaces.ts";

const apiVersion = "admissionregistration.k8s.io/v1";

export type Withheld = {
  /** A namespace that has them gets no NetworkPolicy. */
  readonly labels: Labels;
  readonly release: () => Promise<void>;
};

/** Refuses every new NetworkPolicy of some namespaces, as somebody else's guard may. */
export async function withholdPolicies(client: RawClient, name: string): Promise<Withheld> {
  const labels = { withheld: name };
  const resourceRules = [
    {
      apiGroups: ["networking.k8s.io"],
      apiVersions: ["v1"],
      operations: ["CREATE"],
      resources: ["networkpolicies"],
    },
  ];
  const objects = {
    ValidatingAdmissionPolicy: {
      matchConstraints: { namespaceSelector: { matchLabels: labels }, resourceRules },
      validations: [{ expression: "false", message: "withheld" }],
    },
    ValidatingAdmissionPolicyBinding: { policyName: name, validationActions: ["Deny"] },
  };
  const paths: string[] = [];
  for (const [kind, spec] of Object.entries(objects)) {
    const plural = kind.toLowerCase().replace(/y$/, "ies").replace(/g$/, "gs");
    const path = `/apis/${apiVersion}/${plural}`;
    const body = { apiVersion, kind, metadata: { name }, spec };
    const { status, message } = await client.call({ method: "POST", path, body });
    if (status !== 201) throw new Error(message);
    paths.unshift(`${path}/${name}`);
  }
  await whenRefused(client, `${name}-probe`, labels);
  return {
    labels,
    release: async () => {
      for (const path of paths) await client.call({ method: "DELETE", path });
    },
  };
}

/** The API server looks at its policies once a second. */
async function whenRefused(client: RawClient, namespace: string, labels: Labels): Promise<void> {
  await postNamespace(client, namespace, { ...labels, "ringfence.dev/default-deny": "disabled" });
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies?dryRun=All`;
  const body = networkPolicy("probe", namespace, specs.denyAll);
  const end = Date.now() + 10_000;
  while (!(await client.call({ method: "POST", path, body })).message.includes("withheld")) {
    if (Date.now() > end) throw new Error("policies are not withheld after 10 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
