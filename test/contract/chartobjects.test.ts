import { describe, expect, test } from "vitest";

import { createProgram } from "../../src/cli/program.ts";
import { defaultConfiguration, judgeConfiguration } from "../../src/config/load.ts";
import { findHelm, type Manifest, pick, refusal, renderChart } from "./charthelm.ts";

const helm = await findHelm();

/** What the chart's ConfigMap means to the program. */
function configurationOf(manifests: readonly Manifest[]): unknown {
  const data = pick(manifests, "ConfigMap", "ringfence")["data"];
  const text: unknown = Reflect.get(Object(data), "config.yaml");
  return judgeConfiguration(String(text));
}

/** Follows a path of keys and indexes. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((inner: unknown, key) => Reflect.get(Object(inner), key), value);
}

const workloads = ["webhook", "controller"] as const;

function podOf(manifests: readonly Manifest[], component: string): unknown {
  return at(pick(manifests, "Deployment", `ringfence-${component}`), "spec", "template");
}

function networkPolicies(manifests: readonly Manifest[]) {
  return manifests
    .filter(({ kind }) => kind === "NetworkPolicy")
    .map(({ metadata, spec }) => ({ name: metadata.name, spec: Object(spec) }));
}

describe.skipIf("problem" in helm)("the configuration of the chart", () => {
  test("in the profile enforce is what holds without any configuration", async () => {
    const rendered = await renderChart(helm, { profile: "enforce" });
    expect(configurationOf(rendered)).toEqual({ configuration: defaultConfiguration() });
  });

  test("in the profile audit refuses nothing and isolates nothing", async () => {
    const { exemptions, parameters, clusterCIDRs, defaultDeny, warnings } = defaultConfiguration();
    expect(configurationOf(await renderChart(helm))).toEqual({
      configuration: {
        defaults: { enforce: "privileged", audit: "baseline", warn: "baseline", version: "v1" },
        defaultDeny: { ...defaultDeny, newNamespaces: "audit" },
        parameters,
        warnings,
        clusterCIDRs,
        exemptions,
      },
    });
  });

  test("takes what the values say over the profile, numbers included", async () => {
    const configuration = {
      defaults: { enforce: "restricted" },
      parameters: { maxBlocks: 1_000_000, restricted: { minPrefixV4: 24 } },
    };
    const loaded = configurationOf(await renderChart(helm, { configuration }));
    expect(loaded).toHaveProperty("configuration.defaults.enforce", "restricted");
    expect(loaded).toHaveProperty("configuration.defaults.audit", "baseline");
    expect(loaded).toHaveProperty("configuration.parameters.baseline.maxBlocks", 1_000_000);
    expect(loaded).toHaveProperty("configuration.parameters.restricted.minPrefixV4", 24);
  });

  test.each([
    [{ profile: "strict" }, "value must be one of 'audit', 'enforce'"],
    [{ configuration: { defaults: { enforce: "x" } } }, "at '/configuration/defaults/enforce'"],
    [{ configuration: { defautls: {} } }, "additional properties 'defautls' not allowed"],
    [{ replicas: 3 }, "additional properties 'replicas' not allowed"],
    [{ image: { digest: "sha256:abc" } }, "at '/image/digest'"],
  ])("values that are wrong are refused by helm itself: %j", async (values, message) => {
    expect(await refusal(helm, values)).toContain(message);
  });
});

describe.skipIf("problem" in helm)("the pods of the chart", () => {
  test("are started with arguments that the command line understands", async () => {
    const rendered = await renderChart(helm);
    const seen: Record<string, unknown> = {};
    const note = (command: string) => async (options: object) => {
      seen[command] = options;
      return 0;
    };
    const actions = {
      start: note("start"),
      dev: note("dev"),
      webhook: note("webhook"),
      controller: note("controller"),
    };
    const around = { version: "0", namespace: "elsewhere", identity: "somebody" };
    for (const component of workloads) {
      const args = at(podOf(rendered, component), "spec", "containers", 0, "args");
      const program = createProgram(actions, around, () => undefined);
      program.exitOverride();
      for (const command of program.commands) command.exitOverride();
      await program.parseAsync(Array.isArray(args) ? args.map(String) : [], { from: "user" });
    }
    const common = {
      config: "/etc/ringfence/config.yaml",
      namespace: "ringfence-system",
      secret: "ringfence-ca",
      healthPort: 8080,
      logLevel: "info",
    };
    expect(seen).toEqual({
      webhook: { ...common, listen: "::", port: 9443, service: "ringfence-webhook" },
      controller: { ...common, identity: "$(POD_NAME)" },
    });
  });

  test("find their configuration where the arguments say, and each a token of its own", async () => {
    const rendered = await renderChart(helm);
    for (const component of workloads) {
      const spec = at(podOf(rendered, component), "spec");
      expect(spec).toMatchObject({
        serviceAccountName: `ringfence-${component}`,
        automountServiceAccountToken: true,
        volumes: [{ name: "config", configMap: { name: "ringfence" } }],
        containers: [
          { volumeMounts: [{ name: "config", mountPath: "/etc/ringfence", readOnly: true }] },
        ],
      });
      const account = pick(rendered, "ServiceAccount", `ringfence-${component}`);
      expect(account["automountServiceAccountToken"]).toBe(false);
    }
  });

  test("run without root, without capabilities and on a read-only file system", async () => {
    const rendered = await renderChart(helm);
    for (const component of workloads) {
      expect(at(podOf(rendered, component), "spec")).toMatchObject({
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
          },
        ],
      });
      expect(JSON.stringify(podOf(rendered, component))).not.toMatch(
        /hostNetwork|hostPath|hostPID/,
      );
    }
  });

  test("stand behind the Service and the disruption budgets that name them", async () => {
    const rendered = await renderChart(helm);
    const service = pick(rendered, "Service", "ringfence-webhook");
    expect(at(service, "spec", "ports")).toEqual([
      { name: "webhook", port: 443, targetPort: "webhook", protocol: "TCP" },
    ]);
    expect(at(podOf(rendered, "webhook"), "metadata", "labels")).toMatchObject(
      Object(at(service, "spec", "selector")),
    );
    const ports = at(podOf(rendered, "webhook"), "spec", "containers", 0, "ports");
    expect(ports).toContainEqual({ name: "webhook", containerPort: 9443, protocol: "TCP" });
    for (const component of workloads) {
      const selectors = ["PodDisruptionBudget", "Deployment"].map((kind) =>
        at(pick(rendered, kind, `ringfence-${component}`), "spec", "selector", "matchLabels"),
      );
      for (const selector of selectors) {
        expect(at(podOf(rendered, component), "metadata", "labels")).toMatchObject(
          Object(selector),
        );
      }
    }
  });
});

describe.skipIf("problem" in helm)("the NetworkPolicies of the chart", () => {
  test("deny everything but the way to and from the API server", async () => {
    const rendered = networkPolicies(await renderChart(helm));
    expect(rendered).toEqual([
      {
        name: "ringfence-own-default-deny",
        spec: {
          podSelector: { matchLabels: { "app.kubernetes.io/name": "ringfence" } },
          policyTypes: ["Ingress", "Egress"],
          ingress: [],
          egress: [],
        },
      },
      {
        name: "ringfence-to-api-server",
        spec: {
          podSelector: { matchLabels: { "app.kubernetes.io/name": "ringfence" } },
          policyTypes: ["Egress"],
          egress: [
            {
              ports: [
                { protocol: "TCP", port: 443 },
                { protocol: "TCP", port: 6443 },
              ],
            },
          ],
        },
      },
      {
        name: "ringfence-webhook-from-api-server",
        spec: {
          podSelector: {
            matchLabels: {
              "app.kubernetes.io/name": "ringfence",
              "app.kubernetes.io/component": "webhook",
            },
          },
          policyTypes: ["Ingress"],
          ingress: [{ ports: [{ protocol: "TCP", port: 9443 }] }],
        },
      },
    ]);
  });

  test("name the addresses of the API server where they are known, in both directions", async () => {
    const networkPolicy = { apiServerCIDRs: ["10.0.0.0/28", "fd00::/64"], apiServerPorts: [6443] };
    const rendered = networkPolicies(await renderChart(helm, { networkPolicy }));
    const peers = [{ ipBlock: { cidr: "10.0.0.0/28" } }, { ipBlock: { cidr: "fd00::/64" } }];
    expect(rendered.map(({ spec }) => [spec.ingress, spec.egress])).toEqual([
      [[], []],
      [undefined, [{ ports: [{ protocol: "TCP", port: 6443 }], to: peers }]],
      [[{ ports: [{ protocol: "TCP", port: 9443 }], from: peers }], undefined],
    ]);
  });

  test("can be left out", async () => {
    const rendered = await renderChart(helm, { networkPolicy: { enabled: false } });
    expect(networkPolicies(rendered)).toEqual([]);
  });
});
