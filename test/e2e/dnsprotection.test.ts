import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowDNSPolicy } from "../../src/api/names.ts";
import { findHelm, type Manifest, renderChart } from "../contract/charthelm.ts";
import {
  companionPath,
  companionWith,
  createDNS,
  getCompanion,
  removeDNS,
  toPods,
} from "../support/dnscluster.ts";
import { networkPolicy } from "../support/policies.ts";
import { openRawClient, type RawAnswer, type RawClient } from "../support/rawclient.ts";
import { isolatedNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import {
  grantRoles,
  makeTenant,
  namespaceController,
  operator,
  weakener,
} from "../support/rawclientroles.ts";
import { forms, write, type Changes } from "../support/rawclientwrites.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

const namespace = "dnsprotection";
const companion = companionPath(namespace);
const policies = companion.slice(0, companion.lastIndexOf("/"));
const helm = await findHelm();

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  await removeDNS(client);
  ringfence = await startRingfence();
  await grantRoles(client);
  await isolatedNamespace(client, namespace);
  await makeTenant(client, "alice", namespace);
});
afterAll(async () => {
  await ringfence.stop();
  await removeDNS(client);
  await client[Symbol.asyncDispose]();
  await removeNamespaces(namespace);
});

function outcome({ status, message }: RawAnswer): string {
  if (message.includes(`'ringfence-default-deny-is-managed' denied request`)) return "protected";
  return status < 300 ? "done" : `${status} ${message}`;
}

const changes: Readonly<Record<string, Changes>> = {
  "another rule": { spec: { egress: [{ to: [{ podSelector: {} }] }] } },
  "a narrower subject": { spec: { podSelector: { matchLabels: { app: "web" } } } },
  "ingress as well": { spec: { policyTypes: ["Ingress", "Egress"] } },
  "a label": { metadata: { labels: { "app.kubernetes.io/managed-by": "mallory" } } },
  "an annotation": { metadata: { annotations: { "example.com/note": "x" } } },
  "a finalizer": { metadata: { finalizers: ["example.com/stay"] } },
};
const identities = {
  "a tenant with full rights in the namespace": { as: "alice" },
  "an operator of the cluster": { as: operator },
  "an operator who may weaken": { as: weakener },
  "the administrator": {},
};

test("the name is reserved while there is no companion, even for the rules it would have", async () => {
  const spec = { podSelector: {}, policyTypes: ["Egress"], egress: [toPods(53)] };
  const body = networkPolicy(allowDNSPolicy, namespace, spec);
  for (const identity of Object.values(identities)) {
    const answer = await client.call({ method: "POST", path: policies, body, ...identity });
    expect(outcome(answer)).toBe("protected");
    expect(answer.message).toContain("The name ringfence-allow-dns is reserved for");
  }
  await createDNS(client, 53);
  await companionWith(client, namespace, [toPods(53)]);
});

describe.each(Object.entries(identities))("the companion, against %s", (_, identity) => {
  test.each(Object.entries(changes))("cannot be given %s", async (_what, change) => {
    const before = await getCompanion(client, namespace);
    const outcomes: Record<string, string> = {};
    for (const form of forms) {
      const request = write(form, companion, before.object, change);
      outcomes[form] = outcome(await client.call({ ...request, ...identity }));
    }
    expect(outcomes).toEqual(Object.fromEntries(forms.map((form) => [form, "protected"])));
    expect((await getCompanion(client, namespace)).object).toEqual(before.object);
  });

  test("cannot be deleted", async () => {
    const before = await getCompanion(client, namespace);
    for (const path of [companion, `${companion}?gracePeriodSeconds=0`, policies]) {
      expect(outcome(await client.call({ method: "DELETE", path, ...identity }))).toBe("protected");
    }
    expect((await getCompanion(client, namespace)).object).toEqual(before.object);
  });
});

test("the companion may be written back as it is, and goes with its namespace", async () => {
  const { object } = await getCompanion(client, namespace);
  for (const form of forms) {
    const request = write(form, companion, object, { spec: { podSelector: {} } }, "?dryRun=All");
    expect(outcome(await client.call({ ...request, as: "alice" }))).toBe("done");
  }
  const request = { method: "DELETE", path: `${companion}?dryRun=All` } as const;
  expect(outcome(await client.call({ ...request, as: namespaceController }))).toBe("done");
});

test("where default deny is off the name is nobody's", async () => {
  const metadata = {
    name: `${namespace}-off`,
    labels: { "ringfence.dev/default-deny": "disabled" },
  };
  const body = { apiVersion: "v1", kind: "Namespace", metadata };
  await client.call({ method: "POST", path: "/api/v1/namespaces", body });
  const path = policies.replace(namespace, metadata.name);
  const own = networkPolicy(allowDNSPolicy, metadata.name, { podSelector: {} });
  expect(outcome(await client.call({ method: "POST", path, body: own }))).toBe("done");
  const one = `${path}/${allowDNSPolicy}`;
  expect(outcome(await client.call({ method: "DELETE", path: one }))).toBe("done");
});

describe.skipIf("problem" in helm)("the rights of the chart", () => {
  const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system";
  const controller = "system:serviceaccount:ringfence-system:ringfence-controller";
  const collections = {
    services: "/api/v1/namespaces/N/services",
    endpointslices: "/apis/discovery.k8s.io/v1/namespaces/N/endpointslices",
    daemonsets: "/apis/apps/v1/namespaces/N/daemonsets",
  };
  let objects: readonly Manifest[] = [];
  beforeAll(async () => {
    const rendered = await renderChart(helm);
    objects = rendered.filter(({ metadata }) => metadata.name === "ringfence-finds-dns");
    for (const body of objects) {
      const path = `${rbac}/${body.kind.toLowerCase()}s`;
      const { status, message } = await client.call({ method: "POST", path, body });
      if (status !== 201) throw new Error(message);
    }
  });
  afterAll(async () => {
    for (const { kind, metadata } of objects) {
      const path = `${rbac}/${kind.toLowerCase()}s/${metadata.name}`;
      await client.call({ method: "DELETE", path });
    }
  });

  test.each(Object.entries(collections))(
    "let the controller read %s there alone",
    async (_, path) => {
      const read = async (where: string) => {
        const request = { method: "GET", path: path.replace("/N/", `/${where}/`) } as const;
        return (await client.call({ ...request, as: controller })).status;
      };
      await expect.poll(() => read("kube-system")).toBe(200);
      expect(await read("default")).toBe(403);
    },
  );
});
