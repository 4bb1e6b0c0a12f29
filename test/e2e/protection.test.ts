import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { defaultDenyPolicy } from "../../src/api/names.ts";
import { getDenyAll } from "../support/burst.ts";
import { networkPolicy, specs } from "../support/policies.ts";
import { openRawClient, type RawAnswer, type RawClient } from "../support/rawclient.ts";
import { isolatedNamespace, labelsOf, removeNamespaces } from "../support/rawclientnamespaces.ts";
import {
  grantRoles,
  makeTenant,
  namespaceController,
  operator,
  weakener,
} from "../support/rawclientroles.ts";
import { forms, write, type Changes } from "../support/rawclientwrites.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

const namespace = "protection-alice";
const policies = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
const managed = `${policies}/${defaultDenyPolicy}`;

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence();
  await grantRoles(client);
  await isolatedNamespace(client, namespace);
  await makeTenant(client, "alice", namespace);
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("protection-");
});

/** In one word: what became of a request, where Ringfence's own refusal is not just any. */
function outcome({ status, message }: RawAnswer): string {
  if (message.includes(`'ringfence-default-deny-is-managed' denied request`)) return "protected";
  return status < 300 ? "done" : `${status} ${message}`;
}

const changes: Readonly<Record<string, Changes>> = {
  "a rule": { spec: { ingress: [{}] } },
  "a narrower subject": { spec: { podSelector: { matchLabels: { app: "web" } } } },
  "one direction less": { spec: { policyTypes: ["Ingress"] } },
  "a label": { metadata: { labels: { "app.kubernetes.io/managed-by": "mallory" } } },
  "an annotation": { metadata: { annotations: { "ovn.kubernetes.io/acl-stateless": "true" } } },
  "a finalizer": { metadata: { finalizers: ["example.com/stay"] } },
};
/** Bound to a node that does not exist, so that nobody ends it, and with much time to end. */
const reluctantPod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "reluctant" },
  spec: {
    nodeName: "nowhere",
    terminationGracePeriodSeconds: 3600,
    containers: [{ name: "main", image: "registry.example/main" }],
  },
};
/** As the API server knows them; the administrator has every right there is. */
const identities = {
  "a tenant with full rights in the namespace": { as: "alice" },
  "an operator of the cluster": { as: operator },
  "an operator who may weaken": { as: weakener },
  "the administrator": {},
};

describe.each(Object.entries(identities))("the deny-all, against %s", (_, identity) => {
  test.each(Object.entries(changes))("cannot be given %s", async (_what, change) => {
    const before = await getDenyAll(client, namespace);
    const outcomes: Record<string, string> = {};
    for (const form of forms) {
      const request = write(form, managed, before.object, change);
      outcomes[form] = outcome(await client.call({ ...request, ...identity }));
    }
    expect(outcomes).toEqual(Object.fromEntries(forms.map((form) => [form, "protected"])));
    expect((await getDenyAll(client, namespace)).object).toEqual(before.object);
  });

  test("cannot be deleted, alone or with all others", async () => {
    const before = await getDenyAll(client, namespace);
    const other = networkPolicy("own", namespace, specs.named);
    const created = await client.call({ method: "POST", path: policies, body: other, ...identity });
    expect(outcome(created)).toBe("done");
    for (const path of [managed, `${managed}?gracePeriodSeconds=0`, policies]) {
      expect(outcome(await client.call({ method: "DELETE", path, ...identity }))).toBe("protected");
    }
    const remaining = await client.call({ method: "GET", path: policies });
    expect(remaining.object.items?.map(({ metadata }) => metadata?.name)).toContain(
      before.object.metadata?.name,
    );
    await client.call({ method: "DELETE", path: `${policies}/own` });
    expect((await getDenyAll(client, namespace)).object).toEqual(before.object);
  });

  test("cannot be squatted by a wider one of its name", async () => {
    const body = networkPolicy(defaultDenyPolicy, namespace, specs.named);
    const path = `${policies}?dryRun=All`;
    expect(outcome(await client.call({ method: "POST", path, body, ...identity }))).toBe(
      "protected",
    );
  });
});

describe("the deny-all", () => {
  test("may be written back as it is", async () => {
    const { object } = await getDenyAll(client, namespace);
    for (const form of forms) {
      const request = write(form, managed, object, { spec: { podSelector: {} } }, "?dryRun=All");
      expect(outcome(await client.call({ ...request, as: "alice" }))).toBe("done");
    }
  });

  test("goes with its namespace: the namespace controller may delete it", async () => {
    for (const path of [managed, policies]) {
      const request = { method: "DELETE", path: `${path}?dryRun=All` } as const;
      expect(outcome(await client.call({ ...request, as: namespaceController }))).toBe("done");
    }
  });

  test("stays while pods of a namespace that is being deleted still run", async () => {
    const leaving = "protection-leaving";
    await isolatedNamespace(client, leaving);
    await makeTenant(client, "alice", leaving);
    const pods = `/api/v1/namespaces/${leaving}/pods`;
    const created = await client.call({ method: "POST", path: pods, body: reluctantPod });
    expect(created.status).toBe(201);
    const path = `/api/v1/namespaces/${leaving}`;
    expect((await client.call({ method: "DELETE", path })).status).toBe(200);
    const pod = `${pods}/reluctant`;
    await vi.waitFor(async () => {
      const { object } = await client.call({ method: "GET", path: pod });
      expect(object.metadata).toHaveProperty("deletionTimestamp");
    }, 20_000);

    const leavingPolicy = `/apis/networking.k8s.io/v1/namespaces/${leaving}/networkpolicies/${defaultDenyPolicy}`;
    const request = { method: "DELETE", path: `${leavingPolicy}?dryRun=All` } as const;
    const outcomes = new Map<string, string>();
    for (const as of ["alice", operator, weakener, namespaceController]) {
      outcomes.set(as, outcome(await client.call({ ...request, as })));
    }
    expect(Object.fromEntries(outcomes)).toEqual({
      alice: "protected",
      [operator]: "protected",
      [weakener]: "done",
      [namespaceController]: "done",
    });
    const atOnce = { method: "DELETE", path: `${pod}?gracePeriodSeconds=0` } as const;
    expect((await client.call(atOnce)).status).toBe(200);
    await vi.waitFor(
      async () => expect((await client.call({ method: "GET", path })).status).toBe(404),
      20_000,
    );
  }, 50_000);

  test("is its namespace's own business again once default deny is off", async () => {
    const path = `/api/v1/namespaces/${namespace}`;
    const off = { metadata: { labels: { "ringfence.dev/default-deny": "disabled" } } };
    const request = write("merge patch", path, {}, off);
    expect((await client.call({ ...request, as: weakener })).status).toBe(200);
    const isolation = async () => (await labelsOf(client, namespace))["ringfence.dev/isolation"];
    await vi.waitFor(async () => expect(await isolation()).toBeUndefined(), 5000);
    expect((await getDenyAll(client, namespace)).status).toBe(200);
    const deleted = await client.call({ method: "DELETE", path: managed, as: "alice" });
    expect(outcome(deleted)).toBe("done");
  });
});
