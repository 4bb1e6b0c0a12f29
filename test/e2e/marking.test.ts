import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { labelsOf, postNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";
import { marksByPolicy } from "../support/ringfenceversion.ts";

type Labels = Readonly<Record<string, string>>;

function configuration(marking: string, newNamespaces = "enabled"): string {
  return `apiVersion: ringfence.dev/v1alpha1
kind: Configuration
defaultDeny:
  marking: ${marking}
  newNamespaces: ${newNamespaces}
  excludedNamespaces: [marking-excluded, "marking-prefix-*"]
`;
}

const enabled = { "ringfence.dev/default-deny": "enabled" };
const pending = { ...enabled, "ringfence.dev/isolation": "pending" };
const own = { team: "shop", "pod-security.kubernetes.io/enforce": "restricted" };
const disabled = { "ringfence.dev/default-deny": "disabled" };
const audit = { "ringfence.dev/default-deny": "audit" };

/** Name, own labels, and the labels beside the API server's own; names with a dash are generated. */
const table: readonly (readonly [string, Labels, Labels])[] = [
  ["marking-plain", {}, pending],
  ["marking-own", own, { ...own, ...pending }],
  ["marking-enabled", enabled, pending],
  ["marking-disabled", disabled, disabled],
  ["marking-audit", audit, audit],
  ["marking-forged", { "ringfence.dev/isolation": "ready" }, pending],
  ["marking-pending", { "ringfence.dev/isolation": "pending" }, pending],
  ["marking-generated-", {}, pending],
  ["marking-generated-", { ...own, ...disabled }, { ...own, ...disabled }],
  ["marking-excluded", own, own],
  // Only the beginning of this name is excluded, and it is another name.
  ["marking-excluded-", {}, pending],
  ["marking-prefix-one", own, own],
  ["marking-prefix-", own, own],
  ["marking-prefix-two", enabled, enabled],
];

let client: RawClient;
beforeAll(async () => {
  client = await openRawClient();
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await removeNamespaces("marking-");
});

async function mark(name: string, labels: Labels): Promise<Labels> {
  const { status, object, message } = await postNamespace(client, name, labels, { dryRun: true });
  if (status !== 201) throw new Error(message);
  const { "kubernetes.io/metadata.name": _, ...rest } = object.metadata?.labels ?? {};
  return rest;
}

describe.each(["policy", "webhook", "auto"])("marking: %s", (marking) => {
  let ringfence: Ringfence;
  beforeAll(async () => {
    ringfence = await startRingfence({ configuration: configuration(marking) });
  });
  afterAll(() => ringfence.stop());

  test("is done by the one that is configured, or the one that the API server has", async () => {
    const policies = await kubectl(["get", "mutatingadmissionpolicies", "-o", "name"]);
    const webhooks = await kubectlOk(["get", "mutatingwebhookconfigurations", "-o", "name"]);
    const byPolicy = marking !== "webhook" && marksByPolicy();
    expect(policies.stdout.includes("/ringfence-namespace-marking")).toBe(byPolicy);
    expect(webhooks.includes("/ringfence-mutate")).toBe(!byPolicy);
  });

  test.each(table)("%s %j", async (name, labels, expected) => {
    expect(await mark(name, labels)).toEqual(expected);
  });
});

test("where new namespaces are not isolated, only those that ask for it are marked", async () => {
  for (const marking of ["auto", "webhook"]) {
    const settings = { configuration: configuration(marking, "audit") };
    const ringfence = await startRingfence(settings);
    expect(await mark("marking-plain", own)).toEqual(own);
    expect(await mark("marking-enabled", enabled)).toEqual(pending);
    await ringfence.stop();
  }
});

/** Waits until Ringfence has isolated a namespace and says so. */
async function whenReady(name: string): Promise<void> {
  await vi.waitFor(async () => {
    const labels = await labelsOf(client, name);
    if (labels["ringfence.dev/isolation"] !== "ready") throw new Error(JSON.stringify(labels));
  }, 10_000);
}

describe("with marking by webhook, and the webhook gone", () => {
  let ringfence: Ringfence;
  beforeAll(async () => {
    ringfence = await startRingfence({ configuration: configuration("webhook") });
  });
  afterAll(() => ringfence.stop());

  test("the controller marks a namespace as soon as it sees it", async () => {
    await kubectlOk(["delete", "mutatingwebhookconfiguration", "ringfence-mutate"]);
    await vi.waitFor(async () => expect(await mark("marking-probe", {})).toEqual({}), 5000);
    await postNamespace(client, "marking-unmarked");
    await whenReady("marking-unmarked");
    await vi.waitFor(() =>
      expect(ringfence.lines()).toContainEqual(
        expect.objectContaining({
          event: "labelled",
          namespace: "marking-unmarked",
          reason: "unmarked",
        }),
      ),
    );
  });

  test("a namespace made while Ringfence was dead is unmarked, and for the next start an older one", async () => {
    await ringfence.kill();
    const created = await postNamespace(client, "marking-away");
    const unmarked = { "kubernetes.io/metadata.name": "marking-away" };
    expect(created.object.metadata?.labels).toEqual(unmarked);
    ringfence = await startRingfence({ configuration: configuration("webhook") });
    const counted = ringfence.lines().find(({ event }) => event === "existing-namespaces");
    expect(counted).toMatchObject({ setting: "audit", unlabelled: expect.any(Number) });
    expect(counted?.["unlabelled"]).toBeGreaterThanOrEqual(1);
    expect(await labelsOf(client, "marking-away")).toEqual(unmarked);
    await ringfence.reconfigure(`${configuration("webhook")}  existingNamespaces: enabled\n`);
    await whenReady("marking-away");
  });
});
