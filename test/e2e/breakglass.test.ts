import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { defaultDenyPolicy } from "../../src/api/names.ts";
import { createPod } from "../support/burst.ts";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { networkPolicy, specs } from "../support/policies.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import {
  isolatedNamespace,
  postNamespace,
  removeNamespaces,
} from "../support/rawclientnamespaces.ts";
import { grantRoles, operator } from "../support/rawclientroles.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";
import { marksByPolicy } from "../support/ringfenceversion.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
/** What stops by each command that the README documents. */
const documented = new Map(
  [...readme.matchAll(/^\| *(.+?) *\| *`kubectl (delete [^`]+)` *\|$/gm)].map(
    ([, stops = "", command = ""]) => [stops, command.split(" ")],
  ),
);

const namespace = "breakglass";
const policies = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence();
  await grantRoles(client);
  await isolatedNamespace(client, namespace);
  // A namespace that stays without a deny-all: nobody repairs it.
  await ringfence.kill();
  await postNamespace(client, "breakglass-waiting", { "ringfence.dev/default-deny": "enabled" });
});
afterAll(async () => {
  ringfence = await startRingfence();
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("breakglass");
});

/** Which guards hold at this moment, each tried by a dry run of what it stops; Ringfence is dead. */
async function holding(): Promise<readonly string[]> {
  const stopped = {
    "refusing NetworkPolicies": async () => {
      const body = networkPolicy("open", namespace, specs.anyone);
      const path = `${policies}?dryRun=All`;
      return (await client.call({ method: "POST", path, body })).status !== 201;
    },
    "holding pods back": async () =>
      (await createPod(client, "web", "breakglass-waiting", "?dryRun=All")).status !== 201,
    "protecting the deny-all": async () => {
      const path = `${policies}/${defaultDenyPolicy}?dryRun=All`;
      return (await client.call({ method: "DELETE", path })).status !== 200;
    },
    "protecting the labels": async () => {
      const labels = { "ringfence.dev/default-deny": "disabled" };
      const options = { dryRun: true, as: operator };
      return (await postNamespace(client, "breakglass-off", labels, options)).status !== 201;
    },
    "marking new namespaces": async () => {
      const { object } = await postNamespace(client, "breakglass-new", {}, { dryRun: true });
      return object.metadata?.labels?.["ringfence.dev/isolation"] !== undefined;
    },
  };
  const held: string[] = [];
  for (const [guard, isHolding] of Object.entries(stopped)) if (await isHolding()) held.push(guard);
  return held;
}

// Before 1.36 namespaces are marked by the webhook, which is dead here.
const guards = [
  "refusing NetworkPolicies",
  "holding pods back",
  "protecting the deny-all",
  "protecting the labels",
  ...(marksByPolicy() ? ["marking new namespaces"] : []),
];

test("every guard holds with Ringfence dead, and the README says how to stop each", async () => {
  expect(await holding()).toEqual(guards);
  expect([...documented.keys()]).toEqual(expect.arrayContaining(guards));
});

test.each(guards)("%s stops by the documented command, and nothing else does", async (guard) => {
  const before = await holding();
  expect(before).toContain(guard);
  await kubectlOk(documented.get(guard) ?? []);
  const rest = before.filter((other) => other !== guard);
  await vi.waitFor(async () => expect(await holding()).toEqual(rest), 5000);
});

test("with every guard stopped the cluster is as it was, and the next start guards it again", async () => {
  expect(await holding()).toEqual([]);
  ringfence = await startRingfence();
  await ringfence.kill();
  expect(await holding()).toEqual(guards.filter((guard) => guard !== "holding pods back"));
  const found = await kubectl(["-n", "breakglass-waiting", "get", "netpol", defaultDenyPolicy]);
  expect(found.code).toBe(0);
});
