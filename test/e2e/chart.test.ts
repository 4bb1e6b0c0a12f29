import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { findHelm } from "../contract/charthelm.ts";
import { networkPolicy, specs } from "../support/policies.ts";
import { marksByPolicy } from "../support/ringfenceversion.ts";
import {
  type ChartCluster,
  ownAddress,
  ownNamespace,
  type Replica,
  startChartCluster,
} from "./chartcluster.ts";
import { scrape } from "./scraping.ts";

const helm = await findHelm();
const chart = new URL("../../charts/ringfence", import.meta.url).pathname;
const absent = "problem" in helm || ownAddress() === "";

describe.skipIf(absent)("the chart in a real cluster", () => {
  let cluster: ChartCluster;
  let notes: string;
  let replicas: readonly Replica[];

  beforeAll(async () => {
    cluster = await startChartCluster(helm);
    await cluster.kubectl(["create", "namespace", ownNamespace]);
    const strictest = "pod-security.kubernetes.io/enforce=restricted";
    await cluster.kubectl(["label", "namespace", ownNamespace, strictest]);
    notes = await cluster.helm(["install", "ringfence", chart, "--set", "profile=enforce"]);
    replicas = await cluster.startProcesses();
  }, 180_000);

  afterAll(() => cluster[Symbol.asyncDispose](), 60_000);

  /** The trust that the controller has put into the webhook configurations. */
  async function bundles(): Promise<readonly string[]> {
    const path = "jsonpath={.webhooks[0].clientConfig.caBundle}";
    const configurations = [
      ["validatingwebhookconfiguration", "ringfence-validate"],
      ["mutatingwebhookconfiguration", "ringfence-gate"],
    ];
    return Promise.all(configurations.map((each) => cluster.kubectl(["get", ...each, "-o", path])));
  }

  test("tells what it does and how to switch it off", () => {
    expect(notes).toContain('Ringfence 0.1.0 guards this cluster, profile "enforce".');
    expect(notes).toContain("enforce baseline, audit restricted, warn restricted");
    expect(notes).toContain(
      "kubectl delete validatingadmissionpolicybinding ringfence-namespace-not-isolated-yet-retry",
    );
  });

  test("its pods are admitted at the strictest Pod Security level, in its own namespace", async () => {
    await vi.waitFor(
      async () => {
        const pods = await cluster.kubectl(["-n", ownNamespace, "get", "pods", "-o", "name"]);
        expect(pods.trim().split("\n")).toHaveLength(4);
      },
      { timeout: 20_000, interval: 200 },
    );
  });

  test("no expression of its policies is found wrong by the API server", async () => {
    await vi.waitFor(
      async () => {
        const list = await cluster.kubectl(["get", "validatingadmissionpolicies", "-o", "json"]);
        const { items } = JSON.parse(list);
        const checked = items.map(
          ({ metadata, status }: { metadata: { name: string }; status?: object }) => [
            metadata.name,
            status,
          ],
        );
        expect(checked).toEqual([
          ["ringfence-default-deny-is-managed", { observedGeneration: 1, typeChecking: {} }],
          ["ringfence-keeps-sight-of-networkpolicies", { observedGeneration: 1, typeChecking: {} }],
          ["ringfence-namespace-labels-are-protected", { observedGeneration: 1, typeChecking: {} }],
          ["ringfence-pods-wait-for-default-deny", { observedGeneration: 1, typeChecking: {} }],
        ]);
      },
      { timeout: 20_000, interval: 200 },
    );
  });

  test("a new namespace receives its deny-all and becomes ready", async () => {
    await cluster.kubectl(["create", "namespace", "shop"]);
    await vi.waitFor(
      async () => {
        const path = "jsonpath={.metadata.labels.ringfence\\.dev/isolation}";
        expect(await cluster.kubectl(["get", "namespace", "shop", "-o", path])).toBe("ready");
      },
      { timeout: 20_000, interval: 100 },
    );
    const name = ["get", "networkpolicy", "ringfence-default-deny", "-o", "name"];
    await cluster.kubectl(["-n", "shop", ...name]);
  });

  test("once there is a DNS, its rights suffice to find it and to let the namespace reach it", async () => {
    const dns = ["create", "service", "clusterip", "kube-dns", "--tcp=53:1053"];
    await cluster.kubectl(["-n", "kube-system", ...dns]);
    await vi.waitFor(
      async () => {
        const path = "jsonpath={.spec.egress[*].ports}";
        const get = ["-n", "shop", "get", "networkpolicy", "ringfence-allow-dns", "-o", path];
        expect(await cluster.kubectl(get)).toBe('[{"port":1053,"protocol":"TCP"}]');
      },
      { timeout: 20_000, interval: 200 },
    );
  });

  test("a NetworkPolicy for everyone is refused by way of the Service and its certificate", async () => {
    const refused = cluster.kubectl(
      ["apply", "-f", "-"],
      networkPolicy("open", "shop", specs.anyone),
    );
    await expect(refused).rejects.toThrow(
      /admission webhook "validate\.ringfence\.dev" denied the request.*no-anyone/s,
    );
    await cluster.kubectl(["apply", "-f", "-"], networkPolicy("named", "shop", specs.named));
  });

  test("a namespace that asks for its deny-all is told so, with the rights of the chart", async () => {
    const off = { name: "later", labels: { "ringfence.dev/default-deny": "disabled" } };
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: off };
    await cluster.kubectl(["apply", "-f", "-"], namespace);
    const on = ["ringfence.dev/default-deny=enabled", "--overwrite"];
    await cluster.kubectl(["label", "namespace", "later", ...on]);
    await vi.waitFor(
      async () => {
        const path = "jsonpath={.items[*].reason}";
        expect(await cluster.kubectl(["-n", "later", "get", "events", "-o", path])).toBe(
          "DefaultDenyCreated",
        );
      },
      { timeout: 10_000, interval: 100 },
    );
  });

  test("each process tells its metrics beside its probes", async () => {
    const sum = await scrape(replicas);
    expect(sum("ringfence_leader")).toBe(1);
    expect(sum('ringfence_watch_synced{resource="namespaces"}')).toBe(3);
    expect(sum('ringfence_watch_synced{resource="networkpolicies"}')).toBe(1);
    expect(sum('ringfence_default_deny_created_total{origin="marked"}')).toBe(1);
    expect(sum('ringfence_default_deny_created_total{origin="opted-in"}')).toBe(1);
    expect(sum('ringfence_default_deny_delay_seconds_count{origin="marked"}')).toBe(1);
    expect(sum('ringfence_kubernetes_events_total{outcome="sent"}')).toBe(1);
    expect(sum('ringfence_cluster_ranges_unknown{ranges="pods"}')).toBe(1);
    const denied = { webhook: "validate", decision: "deny", because: "judged" };
    const labels = Object.entries(denied).map(([name, value]) => `${name}="${value}"`);
    expect(sum(`ringfence_admission_decisions_total{${labels.join(",")}}`)).toBe(1);
  });

  test("every right that the two processes used is one that the chart gives", async () => {
    expect(await cluster.asked()).toEqual({
      by: [
        `system:serviceaccount:${ownNamespace}:ringfence-controller`,
        `system:serviceaccount:${ownNamespace}:ringfence-webhook`,
      ],
      forbidden: [],
    });
  });

  test.each([
    ["webhook", "patch", "namespaces"],
    ["webhook", "create", "networkpolicies.networking.k8s.io"],
    ["webhook", "list", "secrets"],
    ["webhook", "patch", "validatingwebhookconfigurations/ringfence-validate"],
    ["controller", "delete", "networkpolicies.networking.k8s.io"],
    ["controller", "create", "namespaces"],
    ["controller", "list", "secrets"],
    ["controller", "get", "pods"],
    ["controller", "patch", "validatingwebhookconfigurations/another"],
    ["controller", "delete", "validatingadmissionpolicybindings"],
  ])("the %s may not %s %s", async (component, verb, what) => {
    const as = `system:serviceaccount:${ownNamespace}:ringfence-${component}`;
    const asked = ["auth", "can-i", verb, what, "--all-namespaces", "--as", as];
    await expect(cluster.kubectl(asked)).rejects.toThrow("exited with 1");
  });

  test("another controller leads soon after the leader has left", async () => {
    const lease = ["-n", ownNamespace, "get", "lease", "ringfence-controller"];
    const holder = (): Promise<string> =>
      cluster.kubectl([...lease, "-o", "jsonpath={.spec.holderIdentity}"]);
    const controllers = replicas.filter(({ component }) => component === "controller");
    const first = await holder();
    const [leader, other] = controllers.toSorted((one) => (one.name === first ? -1 : 1));
    expect(first).toBe(leader?.name);
    leader?.child.kill("SIGTERM");
    await vi.waitFor(async () => expect(await holder()).toBe(other?.name), { timeout: 15_000 });
    await vi.waitFor(() => expect(leader?.child.exitCode).toBe(0), { timeout: 10_000 });
  });

  test("changing the profile keeps the trust in the webhook", async () => {
    const before = await bundles();
    expect(before.map((bundle) => Buffer.from(bundle, "base64").toString().slice(0, 27))).toEqual([
      "-----BEGIN CERTIFICATE-----",
      "-----BEGIN CERTIFICATE-----",
    ]);
    await cluster.helm(["upgrade", "ringfence", chart, "--set", "profile=audit"]);
    expect(await bundles()).toEqual(before);
    const path = "jsonpath={.webhooks[0].failurePolicy}";
    const validate = ["get", "validatingwebhookconfiguration", "ringfence-validate"];
    expect(await cluster.kubectl([...validate, "-o", path])).toBe("Ignore");
  });

  test("a webhook that leaves is not ready any more, still decides, and ends with exit code 0", async () => {
    const webhook = replicas.find(({ component }) => component === "webhook");
    webhook?.child.kill("SIGTERM");
    await vi.waitFor(
      async () => {
        const answer = await fetch(`http://127.0.0.1:${webhook?.healthPort}/readyz`);
        expect(await answer.text()).toContain("[-] draining: the replica is leaving");
      },
      { timeout: 5_000 },
    );
    await cluster.kubectl(["label", "namespace", "shop", "ringfence.dev/enforce=baseline"]);
    const open = networkPolicy("open", "shop", specs.anyone);
    await expect(cluster.kubectl(["apply", "-f", "-"], open)).rejects.toThrow("no-anyone");
    await vi.waitFor(() => expect(webhook?.child.exitCode).toBe(0), { timeout: 25_000 });
  });

  test("uninstalling takes away every admission object that does something, and leaves namespaces isolated", async () => {
    await cluster.helm(["uninstall", "ringfence"]);
    const kinds = [
      "validatingwebhookconfigurations",
      "mutatingwebhookconfigurations",
      "validatingadmissionpolicies",
      "validatingadmissionpolicybindings",
      ...(marksByPolicy() ? ["mutatingadmissionpolicies", "mutatingadmissionpolicybindings"] : []),
    ];
    const group = "admissionregistration.k8s.io";
    const remaining = await cluster.kubectl(["get", kinds.join(","), "-o", "name"]);
    expect(remaining.trim().split("\n").toSorted()).toEqual([
      `validatingadmissionpolicy.${group}/ringfence-keeps-sight-of-networkpolicies`,
      `validatingadmissionpolicybinding.${group}/ringfence-keeps-sight-of-networkpolicies`,
    ]);
    const left = ["get", "networkpolicy", "ringfence-default-deny", "-o", "name"];
    expect((await cluster.kubectl(["-n", "shop", ...left])).trim()).toBe(
      "networkpolicy.networking.k8s.io/ringfence-default-deny",
    );
  });

  test("it can be installed again beside what has stayed", async () => {
    const again = await cluster.helm(["install", "ringfence", chart, "--set", "profile=enforce"]);
    expect(again).toContain("guards this cluster");
  });
});
