import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createPod, getDenyAll, order, sendBurst, type Burst } from "../support/burst.ts";
import { marksByPolicy } from "../support/ringfenceversion.ts";
import { createNamespace, kubectl, kubectlOk } from "../support/kubectl.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { removeNamespaces } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

const bursts = 50;
const podsEach = 3;
const notIsolated = "ringfence-namespace-not-isolated-yet-retry";

let client: RawClient;
beforeAll(async () => {
  // One connection: what is sent in one breath arrives in one.
  client = await openRawClient({ connections: 1 });
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await removeNamespaces("isolation-");
});

function labelsOf(namespace: string): Promise<string> {
  return kubectlOk(["get", "namespace", namespace, "-o", "jsonpath={.metadata.labels}"]);
}

/** The pods that were stored before the deny-all of their namespace, which must be none. */
async function early({ namespace, answers }: Burst): Promise<readonly string[]> {
  const denyAll = order(await getDenyAll(client, namespace));
  return answers
    .filter((answer) => answer.status === 201 && order(answer) <= denyAll)
    .map(({ object }) => `${namespace}/${object.metadata?.name}`);
}

describe("with everything up", () => {
  let ringfence: Ringfence;
  beforeAll(async () => {
    ringfence = await startRingfence();
  });
  afterAll(() => ringfence.stop());

  test("a new namespace is pending, gets its deny-all, and is ready", async () => {
    const metadata = { name: "isolation-new" };
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata };
    const created = await client.call({
      method: "POST",
      path: "/api/v1/namespaces",
      body: namespace,
    });
    expect(created.object.metadata?.labels).toEqual({
      "kubernetes.io/metadata.name": "isolation-new",
      "ringfence.dev/default-deny": "enabled",
      "ringfence.dev/isolation": "pending",
    });
    await vi.waitFor(async () => {
      expect(JSON.parse(await labelsOf("isolation-new"))).toEqual({
        "kubernetes.io/metadata.name": "isolation-new",
        "ringfence.dev/default-deny": "enabled",
        "ringfence.dev/isolation": "ready",
      });
    }, 5000);
    const { object } = await getDenyAll(client, "isolation-new");
    expect(object.spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(object.metadata?.labels).toEqual({ "app.kubernetes.io/managed-by": "ringfence" });
  });

  test(`of ${bursts} bursts no pod is stored before the deny-all, and all are accepted at the first try`, async () => {
    const done: Burst[] = [];
    for (let index = 0; index < bursts; index++) {
      const patient = index % 2 === 1;
      done.push(await sendBurst(client, `isolation-up-${index}`, { pods: podsEach, patient }));
    }
    expect((await Promise.all(done.map(early))).flat()).toEqual([]);
    const refused = done.flatMap(({ answers }) => answers.filter(({ status }) => status !== 201));
    expect(refused.map(({ message }) => message)).toEqual([]);
  });

  test("kubectl applies a namespace, a pod and a deployment in one file at the first try", async () => {
    const namespace = "isolation-apply";
    const labels = { app: "web" };
    const template = {
      metadata: { labels },
      spec: { containers: [{ name: "web", image: "web" }] },
    };
    const stdin = [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      { apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace }, spec: template.spec },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", namespace },
        spec: { replicas: 2, selector: { matchLabels: labels }, template },
      },
    ];
    expect(await kubectlOk(["apply", "-f", "-"], { stdin })).toBe(
      `namespace/${namespace} created\npod/web created\ndeployment.apps/web created\n`,
    );
    await vi.waitFor(async () => {
      const pods = await kubectlOk(["-n", namespace, "get", "pods", "-o", "name"]);
      expect(pods.trim().split("\n")).toHaveLength(3);
    }, 10_000);
  });

  test("generated names make no difference", async () => {
    const namespace = await createNamespace("isolation-generated");
    const answers = await Promise.all(
      Array.from({ length: podsEach }, () => createPod(client, "web-", namespace)),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await early({ namespace, answers })).toEqual([]);
  });

  test("a dry run of a pod is held too, and a dry run of a namespace leaves nothing", async () => {
    await sendBurst(client, "isolation-dry", { pods: 0 });
    const answer = await createPod(client, "web", "isolation-dry", "?dryRun=All");
    expect(answer.status).toBe(201);
    expect((await getDenyAll(client, "isolation-dry")).status).toBe(200);
    await kubectlOk(["create", "namespace", "isolation-never", "--dry-run=server"]);
    expect((await kubectl(["get", "namespace", "isolation-never"])).stderr).toContain("NotFound");
  });
});

describe("with Ringfence killed", () => {
  // Before 1.36 nobody marks a namespace while Ringfence is down, unless its creator does.
  const labels = marksByPolicy() ? {} : { "ringfence.dev/default-deny": "enabled" };
  const states: Burst[] = [];
  let deployed = "";
  beforeAll(async () => {
    const ringfence = await startRingfence();
    await ringfence.kill();
  });

  test(`of ${bursts} bursts no pod is accepted, and the refusal says why`, async () => {
    for (let index = 0; index < bursts; index++) {
      states.push(await sendBurst(client, `isolation-down-${index}`, { pods: podsEach, labels }));
    }
    const answers = states.flatMap((burst) => burst.answers);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422]));
    for (const { message } of answers) expect(message).toContain(notIsolated);
    expect((await getDenyAll(client, "isolation-down-0")).status).toBe(404);
    expect(JSON.parse(await labelsOf("isolation-down-0"))).toMatchObject({
      "ringfence.dev/default-deny": "enabled",
      ...(marksByPolicy() ? { "ringfence.dev/isolation": "pending" } : {}),
    });
  });

  test("generated names and dry runs are refused as well", async () => {
    const namespace = await createNamespace("isolation-down-generated", labels);
    const answers = [
      await createPod(client, "web-", namespace),
      await createPod(client, "web", namespace, "?dryRun=All"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422]);
  });

  test("a deployment has no pods yet, and other namespaces are not concerned", async () => {
    deployed = await createNamespace("isolation-down-deployment", labels);
    await kubectlOk(["-n", deployed, "create", "deployment", "web", "--image=web"]);
    const free = await createNamespace("isolation-free", {
      "ringfence.dev/default-deny": "disabled",
    });
    expect((await createPod(client, "web", free)).status).toBe(201);
    expect((await createPod(client, "web", "kube-system", "?dryRun=All")).status).toBe(201);
    expect((await createPod(client, "web", "default", "?dryRun=All")).status).toBe(201);
    expect(await kubectlOk(["-n", deployed, "get", "pods", "-o", "name"])).toBe("");
  });

  test("switching default deny off releases the pods of a namespace at once", async () => {
    const namespace = await createNamespace("isolation-released", labels);
    expect((await createPod(client, "web", namespace)).status).toBe(422);
    await kubectlOk([
      "label",
      "namespace",
      namespace,
      "ringfence.dev/default-deny=disabled",
      "--overwrite",
    ]);
    expect((await createPod(client, "web", namespace)).status).toBe(201);
  });

  test("started again, Ringfence isolates them all, and then the pods are accepted", async () => {
    const starting = startRingfence();
    const accepted = await Promise.all(
      states.map(({ namespace }) => createUntilAccepted(namespace)),
    );
    const ringfence = await starting;
    expect((await Promise.all(accepted.map(early))).flat()).toEqual([]);
    await vi.waitFor(async () => {
      const pods = await kubectlOk(["-n", deployed, "get", "pods", "-o", "name"]);
      expect(pods).toMatch(/^pod\/web-\w+-\w+\n$/);
    }, 20_000);
    await ringfence.stop();
  });
});

/** Tries the pods of a namespace again and again, as a ReplicaSet would. */
async function createUntilAccepted(namespace: string): Promise<Burst> {
  const until = Date.now() + 30_000;
  for (;;) {
    const answer = await createPod(client, "again", namespace);
    if (answer.status === 201) return { namespace, answers: [answer] };
    if (Date.now() > until) throw new Error(`${namespace}: ${answer.message}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
