import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { NetworkPolicySpec } from "../../src/api/networkpolicy.ts";
import { kubectl } from "../support/kubectl.ts";
import { networkPolicy, specs } from "../support/policies.ts";
import { enforceLevel } from "../support/policieslevel.ts";
import { openRawClient, type RawAnswer, type RawClient } from "../support/rawclient.ts";
import { postNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

const namespace = "ratchet";
const policies = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
const everyNamespace = { namespaceSelector: {} };
const old: NetworkPolicySpec = {
  ingress: [{ from: [everyNamespace], ports: [{ port: 8080 }, { port: 9090 }] }],
};

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence();
  await postNamespace(client, namespace, { "ringfence.dev/warn": "privileged" });
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces(namespace);
});

/** A policy from before: stored while the namespace enforced nothing. */
beforeEach(async () => {
  await enforceLevel(client, namespace, "privileged");
  const body = networkPolicy("old", namespace, old);
  await client.call({ method: "DELETE", path: `${policies}/old` });
  const { status, message } = await client.call({ method: "POST", path: policies, body });
  if (status !== 201) throw new Error(message);
});

function merge(body: object): Promise<RawAnswer> {
  const contentType = "application/merge-patch+json";
  return client.call({ method: "PATCH", path: `${policies}/old`, body, contentType });
}

const metadataOnly = [
  { metadata: { labels: { team: "shop" } } },
  { metadata: { annotations: { note: "seen" } } },
  { metadata: { finalizers: ["example.com/one"] } },
  { metadata: { finalizers: [] } },
];

test.each(["baseline", "restricted"] as const)(
  "at %s an old policy keeps its metadata editable, finalizers included",
  async (level) => {
    await enforceLevel(client, namespace, level);
    for (const change of metadataOnly) expect((await merge(change)).status).toBe(200);
    const unchanged = networkPolicy("old", namespace, old);
    const applied = await kubectl(["apply", "-f", "-"], { stdin: unchanged });
    expect(applied.code).toBe(0);
  },
);

test.each<[string, NetworkPolicySpec]>([
  ["one port less", { ingress: [{ from: [everyNamespace], ports: [{ port: 8080 }] }] }],
  [
    "labels asked of the pods",
    {
      ingress: [
        {
          from: [{ ...everyNamespace, podSelector: { matchLabels: { a: "b" } } }],
          ports: [{ port: 8080 }],
        },
      ],
    },
  ],
  ["named namespaces instead", specs.named],
  ["no rules at all", { ingress: [] }],
  [
    "the same in another order",
    { ingress: [{ from: [everyNamespace], ports: [{ port: 9090 }, { port: 8080 }] }] },
  ],
])("an old policy may become narrower: %s", async (_, spec) => {
  await enforceLevel(client, namespace, "baseline");
  const { status, message } = await merge({ spec });
  expect({ status, message }).toEqual({ status: 200, message: "" });
});

test.each<[string, NetworkPolicySpec, string]>([
  [
    "a port more",
    {
      ingress: [{ from: [everyNamespace], ports: [{ port: 8080 }, { port: 9090 }, { port: 22 }] }],
    },
    "no-unnamed-namespaces",
  ],
  ["all ports", { ingress: [{ from: [everyNamespace] }] }, "no-unnamed-namespaces"],
  ["everyone", { ingress: [{ ports: [{ port: 8080 }] }] }, "no-anyone"],
  [
    "the other direction",
    { ...old, policyTypes: ["Ingress", "Egress"], egress: [{}] },
    "no-anyone",
  ],
  [
    "a rule more",
    { ingress: [...(old.ingress ?? []), { from: [everyNamespace], ports: [{ port: 22 }] }] },
    "no-unnamed-namespaces",
  ],
])("an old policy may not become wider: %s", async (_, spec, rule) => {
  await enforceLevel(client, namespace, "baseline");
  const { status, message } = await merge({ spec });
  expect(status).toBe(403);
  expect(message).toContain(`. ${rule} at spec.`);
});

test("what the level accepts stays accepted, and a policy that was good is judged in full", async () => {
  await enforceLevel(client, namespace, "baseline");
  expect((await merge({ spec: specs.named })).status).toBe(200);
  const { status, message } = await merge({ spec: old });
  expect(status).toBe(403);
  expect(message).toContain("no-unnamed-namespaces at spec.ingress[0].from[0].namespaceSelector");
});

test("an old policy can be deleted, whatever it says", async () => {
  await enforceLevel(client, namespace, "restricted");
  expect((await client.call({ method: "DELETE", path: `${policies}/old` })).status).toBe(200);
});
