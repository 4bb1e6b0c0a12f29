import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findHelm, renderChart } from "../contract/charthelm.ts";
import { sharedControlPlane } from "../support/controlplane.ts";
import { type Installation, install, whenReady } from "../support/installation.ts";
import { kubectl, kubectlOk } from "../support/kubectl.ts";

const helm = await findHelm();
const servesMarking = Number(sharedControlPlane().version.split(".")[1]) >= 36;
const apis = servesMarking
  ? ["admissionregistration.k8s.io/v1/MutatingAdmissionPolicy"]
  : ([] as const);

const wildcard = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "everyone", namespace: "installed" },
  spec: { podSelector: {}, ingress: [{}] },
};
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "first", namespace: "installed" },
  spec: { containers: [{ name: "main", image: "nginx" }] },
};
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "installed" } };

describe.skipIf("problem" in helm)("the chart's profile enforce, with the rights it grants", () => {
  let installation: Installation | undefined;

  beforeAll(async () => {
    installation = await install(await renderChart(helm, { profile: "enforce" }, { apis }));
    await whenReady(installation.webhook);
    await Promise.all(installation.controllers.map(whenReady));
  }, 120_000);

  afterAll(async () => {
    await kubectl(["delete", "namespace", "installed", "--ignore-not-found"]);
    await installation?.[Symbol.asyncDispose]();
  }, 120_000);

  function running(): Installation {
    if (installation === undefined) throw new Error("it is not installed");
    return installation;
  }

  test("isolates a new namespace, whose pod is accepted at the first try", async () => {
    await kubectlOk(["apply", "-f", "-"], { stdin: [namespace, pod] });
    const labels = await kubectlOk([
      "get",
      "namespace",
      "installed",
      "-o=jsonpath={.metadata.labels}",
    ]);
    expect(JSON.parse(labels)).toMatchObject({ "ringfence.dev/default-deny": "enabled" });
    const found = await kubectlOk(["get", "networkpolicy", "-n=installed", "-o=name"]);
    expect(found.trim()).toBe("networkpolicy.networking.k8s.io/ringfence-default-deny");
  });

  test("refuses a wildcard through the Service, in the words of the rule", async () => {
    const { code, stderr } = await kubectl(["apply", "-f", "-"], { stdin: wildcard });
    expect(code).toBe(1);
    expect(stderr).toContain('admission webhook "validate.ringfence.dev" denied the request');
    expect(stderr).toContain("no-anyone");
  });

  test("lets neither process do more than its work", async () => {
    const may = async (account: string, verb: string, resource: string): Promise<string> => {
      const as = `system:serviceaccount:ringfence-system:ringfence-${account}`;
      const { stdout } = await kubectl(["auth", "can-i", verb, resource, `--as=${as}`, "-A"]);
      return stdout.trim();
    };
    expect(await may("webhook", "patch", "namespaces")).toBe("no");
    expect(await may("webhook", "create", "networkpolicies.networking.k8s.io")).toBe("no");
    expect(await may("controller", "delete", "networkpolicies.networking.k8s.io")).toBe("no");
    expect(
      await may("controller", "patch", "validatingadmissionpolicies.admissionregistration.k8s.io"),
    ).toBe("no");
    expect(await may("controller", "list", "secrets")).toBe("no");
  });

  test("has exactly one leader, and another one soon after it ends", async () => {
    const holder = async (): Promise<string> => {
      const lease = ["get", "lease", "ringfence-controller", "-n=ringfence-system"];
      return kubectlOk([...lease, "-o=jsonpath={.spec.holderIdentity}"]);
    };
    const first = await holder();
    expect(["one", "two"]).toContain(first);
    const leader = running().controllers[first === "one" ? 0 : 1];
    leader?.child.kill("SIGTERM");
    await expect
      .poll(holder, { timeout: 20_000, interval: 100 })
      .toBe(first === "one" ? "two" : "one");
  });

  test("a draining webhook still decides, and ends with exit code 0", async () => {
    const { child, healthPort } = running().webhook;
    child.kill("SIGTERM");
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).text(), {
        timeout: 5_000,
      })
      .toContain("[-] draining");
    const { stderr } = await kubectl(["apply", "-f", "-"], { stdin: wildcard });
    expect(stderr).toContain("no-anyone");
    await expect.poll(() => child.exitCode, { timeout: 25_000, interval: 100 }).toBe(0);
  });
});
