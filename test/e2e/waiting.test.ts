import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { defaultDenyPolicy } from "../../src/api/names.ts";
import { names } from "../../src/registration/names.ts";
import { createPod, getDenyAll, order } from "../support/burst.ts";
import { kubectlOk } from "../support/kubectl.ts";
import { withholdPolicies } from "../support/policieswithheld.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import {
  isolatedNamespace,
  labelsOf,
  postNamespace,
  removeNamespaces,
} from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";
import { followAuditLog } from "../support/ringfenceaudit.ts";

// What takes long because time is what it is about: side by side, to take it once.

const seconds = 30;
const path = `/apis/networking.k8s.io/v1/namespaces/rival/networkpolicies/${defaultDenyPolicy}`;

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence();
  await isolatedNamespace(client, "rival");
  await kubectlOk(["delete", "validatingadmissionpolicybinding", names.managedPolicy]);
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("gate-");
  await removeNamespaces("rival");
});

test.concurrent("a pod that comes long before the deny-all waits for it, and is accepted at the first try", async () => {
  const withheld = await withholdPolicies(client, "gate-late");
  await postNamespace(client, "gate-waiting", withheld.labels);
  const creating = createPod(client, "web", "gate-waiting");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect((await getDenyAll(client, "gate-waiting")).status).toBe(404);
  await withheld.release();
  const answer = await creating;
  expect(answer.message).toBe("");
  expect(order(answer)).toBeGreaterThan(order(await getDenyAll(client, "gate-waiting")));
  // The log arrives a little later than the answer.
  await vi.waitFor(() => {
    const decision = ringfence
      .lines()
      .find((line) => line["webhook"] === "gate" && line["namespace"] === "gate-waiting");
    expect(decision).toMatchObject({ decision: "allow", because: "isolated" });
  });
});

test.concurrent("a pod whose deny-all does not come is refused in time, and told to try again", async () => {
  const withheld = await withholdPolicies(client, "gate-never");
  await postNamespace(client, "gate-stuck", withheld.labels);
  const { status, message } = await createPod(client, "web", "gate-stuck");
  expect(status).toBe(429);
  expect(message).toMatch(
    /^admission webhook "gate\.ringfence\.dev" denied the request: namespace "gate-stuck" is still being isolated: .* try again in a few seconds\./,
  );
  expect(await labelsOf(client, "gate-stuck")).toMatchObject({
    "ringfence.dev/isolation": "pending",
  });
  const failed = ringfence.lines().find(({ event }) => event === "failed");
  expect(failed).toMatchObject({ level: 50, namespace: expect.stringMatching(/^gate-/) });
  await withheld.release();
});

test.concurrent(
  `a rival that opens the deny-all every second for ${seconds} s is not fought, but reported`,
  { timeout: 120_000 },
  async () => {
    const read = await followAuditLog();
    const body = { spec: { ingress: [{ from: [{ podSelector: {} }] }] } };
    const contentType = "application/merge-patch+json";
    let opened = 0;
    for (let second = 0; second < seconds; second++) {
      const answer = await client.call({ method: "PATCH", path, body, contentType });
      if (answer.status === 200) opened += 1;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    expect(opened).toBeGreaterThan(seconds - 5);

    const writes = (await read()).filter(
      ({ user, objectRef }) =>
        user.username.endsWith(":ringfence-dev") &&
        objectRef?.namespace === "rival" &&
        objectRef.resource !== "events",
    );
    // Some at once, then at ever longer intervals: 1, 2, 4, 8 s …
    expect(writes.length).toBeGreaterThanOrEqual(6);
    expect(writes.length).toBeLessThanOrEqual(12);
    const contended = ringfence.lines().filter(({ event }) => event === "contended");
    expect(contended.length).toBeGreaterThanOrEqual(3);
    expect(contended[0]).toMatchObject({ level: 40, namespace: "rival" });

    // The rival gives up: the last word is Ringfence's.
    await vi.waitFor(async () => {
      expect((await getDenyAll(client, "rival")).object.spec).toEqual({
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
      });
    }, 60_000);
  },
);
