import { describe, expect, test } from "vitest";

import { names } from "../../src/registration/names.ts";
import { findHelm, type Manifest, renderChart } from "./charthelm.ts";

const helm = await findHelm();

type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
};

/** One line per rule: `verbs group/resource [names]`, behind the role's kind and name. */
function rightsOf(manifests: readonly Manifest[]): readonly string[] {
  return manifests.flatMap(({ kind, metadata, rules }) => {
    if (kind !== "Role" && kind !== "ClusterRole") return [];
    const list: readonly Rule[] = Array.isArray(rules) ? rules : [];
    return list.map(({ apiGroups, resources, resourceNames, verbs }) => {
      const what = `${apiGroups.join(",")}/${resources.join(",")}`;
      const which = resourceNames === undefined ? "" : ` ${resourceNames.join(",")}`;
      return `${kind} ${metadata.name}: ${verbs.join(",")} ${what}${which}`;
    });
  });
}

describe.skipIf("problem" in helm)("the rights that the chart gives", () => {
  test("are these and no others", async () => {
    expect(rightsOf(await renderChart(helm)).toSorted()).toEqual([
      "ClusterRole ringfence-controller: create,patch events.k8s.io/events",
      `ClusterRole ringfence-controller: get,list,watch,create,patch networking.k8s.io/networkpolicies`,
      `ClusterRole ringfence-controller: get,list,watch,patch /namespaces`,
      `ClusterRole ringfence-controller: get,patch admissionregistration.k8s.io/mutatingwebhookconfigurations ${names.gate},${names.mutate}`,
      `ClusterRole ringfence-controller: get,patch admissionregistration.k8s.io/validatingwebhookconfigurations ${names.validate}`,
      "ClusterRole ringfence-controller: list /pods",
      "ClusterRole ringfence-weaken: weaken ringfence.dev/namespaces",
      `ClusterRole ringfence-webhook: get admissionregistration.k8s.io/validatingwebhookconfigurations ${names.validate}`,
      "ClusterRole ringfence-webhook: get,list,watch /namespaces",
      "ClusterRole ringfence-webhook: get,list,watch networking.k8s.io/networkpolicies",
      "ClusterRole ringfence-webhook: list /nodes",
      "ClusterRole ringfence-webhook: list networking.k8s.io/servicecidrs",
      "ClusterRole ringfence-webhook: list,watch /pods,services",
      "Role ringfence-controller: create /secrets",
      "Role ringfence-controller: create coordination.k8s.io/leases",
      "Role ringfence-controller: get,update /secrets ringfence-ca",
      "Role ringfence-controller: get,update coordination.k8s.io/leases ringfence-controller",
      "Role ringfence-finds-dns: list,watch /services",
      "Role ringfence-finds-dns: list,watch apps/daemonsets",
      "Role ringfence-finds-dns: list,watch discovery.k8s.io/endpointslices",
      "Role ringfence-webhook: create /secrets",
      "Role ringfence-webhook: get,update /secrets ringfence-ca",
    ]);
  });

  test("to see pods and Services are given only where warnings may look at them", async () => {
    const disabled = { configuration: { warnings: { podsAndServices: "disabled" } } };
    const given = rightsOf(await renderChart(helm));
    expect(rightsOf(await renderChart(helm, disabled))).toEqual(
      given.filter((right) => right !== "ClusterRole ringfence-webhook: list,watch /pods,services"),
    );
  });

  test("are bound to the two service accounts, and the right to weaken to nobody", async () => {
    const rendered = await renderChart(helm, {}, { namespace: "guard" });
    const bindings = rendered
      .filter(({ kind }) => kind.endsWith("RoleBinding"))
      .filter(({ metadata }) => metadata.name !== "ringfence-finds-dns")
      .map(({ kind, metadata, roleRef, subjects }) => ({
        kind,
        name: metadata.name,
        roleRef,
        subjects,
      }));
    const apiGroup = "rbac.authorization.k8s.io";
    expect(bindings).toEqual(
      ["Cluster", ""].flatMap((scope) =>
        ["webhook", "controller"].map((component) => ({
          kind: `${scope}RoleBinding`,
          name: `ringfence-${component}`,
          roleRef: { apiGroup, kind: `${scope}Role`, name: `ringfence-${component}` },
          subjects: [
            { kind: "ServiceAccount", name: `ringfence-${component}`, namespace: "guard" },
          ],
        })),
      ),
    );
  });

  test.each([
    ["kube-system alone", [], ["kube-system"]],
    ["OpenShift's namespace too", ["config.openshift.io/v1"], ["kube-system", "openshift-dns"]],
  ])("to find the DNS of the cluster reach into %s", async (_name, apis, namespaces) => {
    const rendered = await renderChart(helm, {}, { namespace: "guard", apis });
    const finding = rendered
      .filter(({ metadata }) => metadata.name === "ringfence-finds-dns")
      .map(({ kind, metadata, roleRef, subjects }) => [kind, metadata, roleRef, subjects]);
    const labels = expect.any(Object);
    const roleRef = {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "Role",
      name: "ringfence-finds-dns",
    };
    const subjects = [{ kind: "ServiceAccount", name: "ringfence-controller", namespace: "guard" }];
    expect(finding).toEqual(
      ["Role", "RoleBinding"].flatMap((kind) =>
        namespaces.map((namespace) => [
          kind,
          { name: "ringfence-finds-dns", namespace, labels },
          ...(kind === "Role" ? [undefined, undefined] : [roleRef, subjects]),
        ]),
      ),
    );
  });
});
