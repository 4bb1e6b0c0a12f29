import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { names } from "../../src/registration/names.ts";
import { createPod, getDenyAll } from "../support/burst.ts";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { networkPolicy, specs } from "../support/policies.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import {
  isolatedNamespace,
  labelsOf,
  postNamespace,
  removeNamespaces,
} from "../support/rawclientnamespaces.ts";
import { type Ringfence, startRingfence } from "../support/ringfence.ts";
import { marksByPolicy } from "../support/ringfenceversion.ts";

let client: RawClient;
let running: Ringfence | undefined;
beforeAll(async () => {
  client = await openRawClient();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await removeNamespaces("lifecycle-");
});

async function start(configuration?: string): Promise<Ringfence> {
  running = await startRingfence(configuration === undefined ? {} : { configuration });
  return running;
}

/** Everything of ours in the API server, as kubectl names it, but for what always stays. */
async function registered(): Promise<readonly string[]> {
  const kinds = [
    "validatingwebhookconfigurations",
    "mutatingwebhookconfigurations",
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
    ...(marksByPolicy() ? ["mutatingadmissionpolicies", "mutatingadmissionpolicybindings"] : []),
  ];
  const label = "app.kubernetes.io/managed-by=ringfence";
  const found = await kubectlOk(["get", kinds.join(","), "-l", label, "-o", "name"]);
  const all = found.trim().split("\n").filter(Boolean);
  return all.filter((name) => !name.endsWith(`/${names.cacheAnchor}`));
}

async function caBundles(): Promise<readonly string[]> {
  const path = "jsonpath={.items[*].webhooks[*].clientConfig.caBundle}";
  const kinds = "validatingwebhookconfigurations,mutatingwebhookconfigurations";
  return (await kubectlOk(["get", kinds, "-o", path])).split(" ").filter(Boolean);
}

/** What becomes of a policy that everybody may pass, in a dry run. */
async function verdict(namespace: string): Promise<string> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies?dryRun=All`;
  const body = networkPolicy("open", namespace, specs.anyone);
  const { status, message } = await client.call({ method: "POST", path, body });
  if (status === 201) return "accepted";
  return message.includes(". no-anyone at ") ? "refused" : message;
}

test.each([
  ["Ctrl-C", "SIGINT"],
  ["SIGTERM", "SIGTERM"],
] as const)("%s takes back everything but the deny-alls", async (_, signal) => {
  const namespace = `lifecycle-${signal.toLowerCase()}`;
  const ringfence = await start();
  expect(await registered()).toHaveLength(marksByPolicy() ? 10 : 9);
  await isolatedNamespace(client, namespace);
  expect(await ringfence.stop(signal)).toBe(0);
  expect(await registered()).toEqual([]);
  expect((await getDenyAll(client, namespace)).status).toBe(200);
  await vi.waitFor(async () => expect(await verdict(namespace)).toBe("accepted"));
  expect((await createPod(client, "web", namespace)).status).toBe(201);
  await vi.waitFor(async () => {
    const { object } = await postNamespace(client, "lifecycle-later", {}, { dryRun: true });
    expect(object.metadata?.labels).toEqual({ "kubernetes.io/metadata.name": "lifecycle-later" });
  }, 5000);
  // Nothing is left that hinders who leaves: the deny-all can go, and so can the labels.
  await vi.waitFor(async () => {
    await kubectlOk(["-n", namespace, "delete", "networkpolicy", "ringfence-default-deny"]);
  }, 5000);
});

test("a killed one leaves a cluster that refuses, and the next start repairs it", async () => {
  const first = await start();
  await isolatedNamespace(client, "lifecycle-killed");
  const before = await caBundles();
  await first.kill();
  expect(await registered()).toHaveLength(marksByPolicy() ? 10 : 9);
  expect(await verdict("lifecycle-killed")).toMatch(/failed calling webhook .*connection refused/);
  const second = await start();
  const after = await caBundles();
  expect(after).toHaveLength(before.length);
  expect(after.filter((bundle) => before.includes(bundle))).toEqual([]);
  expect(new Set(after).size).toBe(1);
  expect(await verdict("lifecycle-killed")).toBe("refused");
  expect(second.lines().filter(({ level }) => Number(level) >= 50)).toEqual([]);
});

test("with another way of marking, the next start removes what the killed one left of the first", async () => {
  const first = await start(
    "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\ndefaultDeny: {marking: webhook}\n",
  );
  expect(await registered()).toContain(
    "mutatingwebhookconfiguration.admissionregistration.k8s.io/ringfence-mutate",
  );
  await first.kill();
  await start();
  const left = (await registered()).some((name) => name.endsWith("/ringfence-mutate"));
  expect(left).toBe(!marksByPolicy());
});

describe("the configuration", () => {
  const head = "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\n";

  test("is followed: verdicts change with it, and a bad one changes nothing", async () => {
    const ringfence = await start();
    await isolatedNamespace(client, "lifecycle-configured");
    expect(await verdict("lifecycle-configured")).toBe("refused");
    const lenient = `${head}defaults: {enforce: privileged, audit: privileged, warn: privileged}\n`;
    expect(await ringfence.reconfigure(lenient)).toBe(true);
    expect(await verdict("lifecycle-configured")).toBe("accepted");
    expect(await ringfence.reconfigure(`${head}defaults: {enforce: strict}\n`)).toBe(false);
    expect(await verdict("lifecycle-configured")).toBe("accepted");
    const refusal = ringfence.lines().find(({ msg }) => String(msg).includes("is bad"));
    expect(refusal?.["errors"]).toMatch(/:3: defaults\.enforce: .*"strict"/);
    expect(await ringfence.reconfigure(head)).toBe(true);
    expect(await verdict("lifecycle-configured")).toBe("refused");
  });

  test("that is bad at the start is named by path and value, and nothing is registered", async () => {
    const starting = start(`${head}defaultDeny: {newNamespaces: on}\n`);
    await expect(starting).rejects.toThrow(/defaultDeny\.newNamespaces: .*"on"/);
    expect(await registered()).toEqual([]);
  });

  test("decides about existing namespaces: left alone, or isolated", async () => {
    const ringfence = await start();
    const labels = { "ringfence.dev/default-deny": "audit" };
    await postNamespace(client, "lifecycle-existing", labels);
    await kubectl(["label", "namespace", "lifecycle-existing", "ringfence.dev/default-deny-"]);
    await ringfence.stop();
    const enabled = `${head}defaultDeny: {existingNamespaces: enabled}\n`;
    await start(enabled);
    await vi.waitFor(async () => {
      expect(await labelsOf(client, "lifecycle-existing")).toMatchObject({
        "ringfence.dev/default-deny": "enabled",
        "ringfence.dev/isolation": "ready",
      });
    }, 20_000);
  });
});
