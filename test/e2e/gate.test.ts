import { afterAll, beforeAll, expect, test } from "vitest";
import { createPod, getDenyAll, order } from "../support/burst.ts";
import { withholdPolicies } from "../support/policieswithheld.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { labelsOf, postNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence();
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("gate-");
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
  const decision = ringfence
    .lines()
    .find((line) => line["webhook"] === "gate" && line["namespace"] === "gate-waiting");
  expect(decision).toMatchObject({ decision: "allow", because: "isolated" });
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
