import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { defaultDenyPolicy } from "../../src/api/names.ts";
import { names } from "../../src/registration/names.ts";
import { createPod, getDenyAll } from "../support/burst.ts";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { isolatedNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";
import { followAuditLog } from "../support/ringfenceaudit.ts";

const deny = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const labels = { "app.kubernetes.io/managed-by": "ringfence" };

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence();
  await isolatedNamespace(client, "repair-probe");
  // Break-glass: without the binding anybody may change the deny-all.
  await kubectlOk(["delete", "validatingadmissionpolicybinding", names.managedPolicy]);
  const change = [
    "-n",
    "repair-probe",
    "annotate",
    "netpol",
    defaultDenyPolicy,
    "a=b",
    "--dry-run=server",
  ];
  const end = Date.now() + 10_000;
  while ((await kubectl(change)).code !== 0) {
    if (Date.now() > end) throw new Error("the protection does not end");
  }
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("repair-");
});

function pathOf(namespace: string): string {
  return `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${defaultDenyPolicy}`;
}

/** A change that no level refuses, so that nothing but the controller undoes it. */
async function patch(namespace: string, body: object): Promise<void> {
  const contentType = Array.isArray(body)
    ? "application/json-patch+json"
    : "application/merge-patch+json";
  const request = { method: "PATCH", path: pathOf(namespace), body, contentType } as const;
  const { status, message } = await client.call(request);
  if (status !== 200) throw new Error(message);
}

/** Milliseconds until the deny-all isolates again. */
async function repaired(namespace: string): Promise<number> {
  const start = performance.now();
  await vi.waitFor(
    async () => {
      const { object } = await getDenyAll(client, namespace);
      expect(object.spec).toEqual(deny);
      expect(object.metadata?.labels).toMatchObject(labels);
    },
    { timeout: 10_000, interval: 5 },
  );
  return performance.now() - start;
}

test.each([
  ["an ingress rule", { spec: { ingress: [{ from: [{ podSelector: {} }] }] } }],
  [
    "an egress rule",
    { spec: { policyTypes: ["Ingress", "Egress"], egress: [{ to: [{ podSelector: {} }] }] } },
  ],
  ["a narrower subject", { spec: { podSelector: { matchLabels: { app: "web" } } } }],
  [
    "a subject by expression",
    { spec: { podSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] } } },
  ],
  ["one direction less", { spec: { policyTypes: ["Ingress"] } }],
  ["no label of Ringfence's", { metadata: { labels: null } }],
  [
    "a rule by JSON patch",
    [{ op: "add", path: "/spec/ingress", value: [{ from: [{ podSelector: {} }] }] }],
  ],
])("given %s, the deny-all is repaired in place", async (what, change) => {
  const namespace = `repair-${what.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  await isolatedNamespace(client, namespace);
  const before = await getDenyAll(client, namespace);
  await patch(namespace, change);
  expect(await repaired(namespace)).toBeLessThan(5000);
  const after = await getDenyAll(client, namespace);
  expect(after.object.metadata?.uid).toBe(before.object.metadata?.uid);
  expect(Number(after.object.metadata?.resourceVersion)).toBeGreaterThan(
    Number(before.object.metadata?.resourceVersion) + 1,
  );
});

test("a deleted deny-all comes back, and no pod starts without it", async () => {
  await isolatedNamespace(client, "repair-deleted");
  const read = await followAuditLog();
  await client.call({ method: "DELETE", path: pathOf("repair-deleted") });
  const answers = [];
  const again = repaired("repair-deleted");
  for (let index = 0; index < 20; index++) {
    answers.push(await createPod(client, `web-${index}`, "repair-deleted"));
  }
  expect(await again).toBeLessThan(5000);
  const { object } = await getDenyAll(client, "repair-deleted");
  for (const { status, object: pod } of answers) {
    if (status !== 201) continue;
    expect(Number(pod.metadata?.resourceVersion)).toBeGreaterThan(
      Number(object.metadata?.resourceVersion),
    );
  }
  await vi.waitFor(async () => {
    const writes = (await read()).filter(
      ({ user, objectRef }) =>
        user.username.endsWith(":ringfence-dev") &&
        objectRef?.namespace === "repair-deleted" &&
        objectRef.resource !== "events",
    );
    expect(writes.map(({ verb, objectRef }) => `${verb} ${objectRef?.name}`)).toEqual([
      `patch ${defaultDenyPolicy}`,
    ]);
  });
});

test("a rule in the deny-all keeps pods out, until it is repaired", async () => {
  await isolatedNamespace(client, "repair-gate");
  await ringfence.kill();
  await kubectlOk(["delete", "validatingwebhookconfiguration", names.validate]);
  await patch("repair-gate", { spec: { ingress: [{}] } });
  await vi.waitFor(async () => {
    const { status, message } = await createPod(client, "web", "repair-gate", "?dryRun=All");
    expect({ status, message }).toEqual({
      status: 403,
      message: expect.stringContaining(
        "The namespace is not isolated: its NetworkPolicy ringfence-default-deny has rules that allow traffic.",
      ),
    });
  });
  ringfence = await startRingfence();
  expect(await repaired("repair-gate")).toBeLessThan(5000);
  await vi.waitFor(async () => {
    expect((await createPod(client, "web", "repair-gate")).status).toBe(201);
  });
});
