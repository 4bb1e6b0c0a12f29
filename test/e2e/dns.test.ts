import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { allowDNSPolicy, defaultDenyPolicy } from "../../src/api/names.ts";
import { names } from "../../src/registration/names.ts";
import {
  companionPath,
  companionWith,
  createCache,
  createDNS,
  getCompanion,
  patchDNS,
  removeDNS,
  toAddresses,
  toPods,
} from "../support/dnscluster.ts";
import { kubectlOk } from "../support/kubectl.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { isolatedNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";
import { followAuditLog } from "../support/ringfenceaudit.ts";

const restricted = { "ringfence.dev/enforce": "restricted" };
const switched = (allowDNS: string) =>
  `apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\ndefaultDeny: {allowDNS: ${allowDNS}}\n`;

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  await removeDNS(client);
  ringfence = await startRingfence();
});
afterAll(async () => {
  await ringfence.stop();
  await removeDNS(client);
  await client[Symbol.asyncDispose]();
  await removeNamespaces("dns-");
});

function told(kind: string) {
  return ringfence.lines().filter(({ event }) => event === kind);
}

// The tests below are one story in one cluster.

test("without a DNS in the cluster a namespace is closed entirely, and it is told once", async () => {
  await isolatedNamespace(client, "dns-early", restricted);
  await vi.waitFor(() => expect(told("dns-not-found").length).toBe(1), 10_000);
  expect((await getCompanion(client, "dns-early")).status).toBe(404);
});

test("once the cluster has a DNS, its pods are allowed by their own ports", async () => {
  await createDNS(client, 5353);
  const companion = await companionWith(client, "dns-early", [toPods(5353)]);
  expect(companion.metadata?.labels).toEqual({ "app.kubernetes.io/managed-by": "ringfence" });
  expect(told("dns-found").at(-1)).toMatchObject({
    allows: ["kube-system/{k8s-app=kube-dns} on UDP 5353, TCP 5353"],
  });
});

test("a new namespace gets it after its deny-all and its label, by one write more", async () => {
  const read = await followAuditLog();
  await isolatedNamespace(client, "dns-new", restricted);
  await companionWith(client, "dns-new", [toPods(5353)]);
  await vi.waitFor(async () => {
    const writes = (await read()).filter(
      ({ user, objectRef, verb }) =>
        user.username.endsWith(":ringfence-dev") &&
        verb === "patch" &&
        (objectRef?.namespace === "dns-new" || objectRef?.name === "dns-new"),
    );
    expect(writes.map(({ objectRef }) => `${objectRef?.resource} ${objectRef?.name}`)).toEqual([
      `networkpolicies ${defaultDenyPolicy}`,
      "namespaces dns-new",
      `networkpolicies ${allowDNSPolicy}`,
    ]);
  });
});

test("our own webhook has judged it at the strictest level, like anybody's", () => {
  const decisions = ringfence
    .lines()
    .filter(({ webhook, namespace }) => webhook === "validate" && namespace === "dns-new");
  expect(decisions).toEqual([
    expect.objectContaining({
      name: allowDNSPolicy,
      decision: "allow",
      because: "judged",
      enforced: "restricted:v1",
      rules: { enforce: [], audit: [], warn: [] },
    }),
  ]);
});

test("a namespace that is not isolated has none", async () => {
  const metadata = { name: "dns-free", labels: { "ringfence.dev/default-deny": "disabled" } };
  const body = { apiVersion: "v1", kind: "Namespace", metadata };
  expect((await client.call({ method: "POST", path: "/api/v1/namespaces", body })).status).toBe(
    201,
  );
  await isolatedNamespace(client, "dns-after-free");
  await companionWith(client, "dns-after-free", [toPods(5353)]);
  expect((await getCompanion(client, "dns-free")).status).toBe(404);
});

test("when the Service changes, the companions follow in place", async () => {
  const { object: before } = await getCompanion(client, "dns-early");
  await patchDNS(client, {
    selector: { "k8s-app": "coredns" },
    ports: [
      { name: "dns", protocol: "UDP", port: 53, targetPort: 8053 },
      { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: 8053 },
    ],
  });
  const after = await companionWith(client, "dns-early", [toPods(8053, { "k8s-app": "coredns" })]);
  expect(after.metadata?.uid).toBe(before.metadata?.uid);
});

test("a node-local cache is allowed by each of its addresses", async () => {
  await createCache(client, "169.254.20.10,10.0.0.10");
  await companionWith(client, "dns-early", [
    toPods(8053, { "k8s-app": "coredns" }),
    toAddresses("10.0.0.10/32", "169.254.20.10/32"),
  ]);
  expect(told("dns-found").at(-1)).toMatchObject({
    allows: [
      "kube-system/{k8s-app=coredns} on UDP 8053, TCP 8053",
      "10.0.0.10/32 or 169.254.20.10/32 on UDP 53, TCP 53",
    ],
  });
});

test("edited or deleted behind the protection's back, it is repaired", async () => {
  await kubectlOk(["delete", "validatingadmissionpolicybinding", names.managedPolicy]);
  const rules = [
    toPods(8053, { "k8s-app": "coredns" }),
    toAddresses("10.0.0.10/32", "169.254.20.10/32"),
  ];
  const path = companionPath("dns-after-free");
  const { object: before } = await getCompanion(client, "dns-after-free");
  const request = { method: "PATCH", path, contentType: "application/merge-patch+json" } as const;
  await vi.waitFor(async () => {
    const body = { spec: { egress: [{ to: [{ podSelector: {} }] }] } };
    expect((await client.call({ ...request, body })).status).toBe(200);
  }, 10_000);
  const repaired = await companionWith(client, "dns-after-free", rules);
  expect(repaired.metadata?.uid).toBe(before.metadata?.uid);

  await client.call({ ...request, body: { metadata: { labels: null } } });
  await vi.waitFor(async () => {
    const { object } = await getCompanion(client, "dns-after-free");
    expect(object.metadata?.labels).toEqual({ "app.kubernetes.io/managed-by": "ringfence" });
  }, 10_000);
  expect((await client.call({ method: "DELETE", path })).status).toBe(200);
  await companionWith(client, "dns-after-free", rules);
});

test("switched off, what is there allows nothing more, and nothing new is made", async () => {
  const { object: before } = await getCompanion(client, "dns-early");
  expect(await ringfence.reconfigure(switched("disabled"))).toBe(true);
  const emptied = await companionWith(client, "dns-early", []);
  expect(emptied.metadata?.uid).toBe(before.metadata?.uid);
  await isolatedNamespace(client, "dns-off");
  expect((await getCompanion(client, "dns-off")).status).toBe(404);

  expect(await ringfence.reconfigure(switched("auto"))).toBe(true);
  const rules = [
    toPods(8053, { "k8s-app": "coredns" }),
    toAddresses("10.0.0.10/32", "169.254.20.10/32"),
  ];
  await companionWith(client, "dns-early", rules);
  await companionWith(client, "dns-off", rules);
});

test("a DNS that is gone takes nothing away and gives nothing", async () => {
  const { object: before } = await getCompanion(client, "dns-early");
  const count = told("dns-not-found").length;
  await removeDNS(client);
  await vi.waitFor(() => expect(told("dns-not-found").length).toBe(count + 1), 10_000);
  await isolatedNamespace(client, "dns-late");
  expect((await getCompanion(client, "dns-early")).object).toEqual(before);
  expect((await getCompanion(client, "dns-late")).status).toBe(404);
});

test("a namespace with a companion can be deleted", async () => {
  const deleted = await kubectlOk(["delete", "namespace", "dns-new", "--timeout=30s"]);
  expect(deleted).toContain('namespace "dns-new" deleted');
});
