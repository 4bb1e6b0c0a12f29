import { afterAll, beforeAll, expect, test } from "vitest";
import type { NetworkPolicySpec } from "../../src/api/networkpolicy.ts";
import { createPod, sendBurst } from "../support/burst.ts";
import { networkPolicy, specs } from "../support/policies.ts";
import { withholdPolicies } from "../support/policieswithheld.ts";
import { openRawClient, type RawAnswer, type RawClient } from "../support/rawclient.ts";
import { postNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { growth, readMetric, type Sample } from "../support/ringfencemetrics.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

const rejections = "apiserver_admission_webhook_rejection_count";
const failOpen = "apiserver_admission_webhook_fail_open_count";
const requests = "apiserver_admission_webhook_request_total";
const policyChecks = "apiserver_validating_admission_policy_check_total";

const namespace = "wellformed";
const policies = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;

/** Some 400 KiB, and its review on an update twice that. */
const large: NetworkPolicySpec = {
  ingress: Array.from({ length: 300 }, (_, rule) => ({
    from: Array.from({ length: 20 }, (_peer, peer) => ({
      namespaceSelector: { matchLabels: { [`team-${rule}-${peer}`]: "a" } },
    })),
  })),
};
const odd: readonly NetworkPolicySpec[] = [
  { podSelector: {}, policyTypes: [] },
  {
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: { cidr: "::/0", except: ["fc00::/7"] } }] }],
  },
  { policyTypes: ["Egress"], egress: [{ ports: [{ port: "dns", protocol: "UDP" }] }] },
  { ingress: [{ from: [{ namespaceSelector: { matchLabels: { constructor: "toString" } } }] }] },
  {
    ingress: [
      { from: [{ podSelector: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] } }] },
    ],
  },
  { ingress: [{ ports: [{ port: 1, endPort: 65_535 }] }] },
  large,
];

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  // By webhook, so that all of them are asked.
  const configuration =
    "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\ndefaultDeny: {marking: webhook}\n";
  ringfence = await startRingfence({ configuration });
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("wellformed");
});

async function read(): Promise<Readonly<Record<string, readonly Sample[]>>> {
  const names = [rejections, failOpen, requests, policyChecks];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readMetric(name)] as const)),
  );
}

/** Everything a user can do that one of the webhooks is asked about. */
async function exercise(): Promise<readonly RawAnswer[]> {
  const done: RawAnswer[] = [];
  for (let index = 0; index < 10; index++) {
    const options = { pods: 3, patient: index % 2 === 1 };
    done.push(...(await sendBurst(client, `wellformed-${index}`, options)).answers);
  }
  // Only pods that come before the deny-all are held, so it comes late here.
  const { labels, release } = await withholdPolicies(client, "wellformed-late");
  const bursting = sendBurst(client, "wellformed-held", { pods: 3, patient: true, labels });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await release();
  done.push(...(await bursting).answers);
  for (const level of ["privileged", "baseline", "restricted", "unreadable"]) {
    const enforced = { "ringfence.dev/enforce": level };
    done.push(await postNamespace(client, "wellformed-", enforced, { dryRun: true }));
  }
  done.push(await postNamespace(client, namespace, { "ringfence.dev/audit": "loud" }));
  done.push(await createPod(client, "web-", namespace, "?dryRun=All"));
  for (const spec of [...Object.values(specs), ...odd]) {
    for (const query of ["", "?dryRun=All"]) {
      const body = networkPolicy(`own-${done.length}`, namespace, spec);
      done.push(await client.call({ method: "POST", path: `${policies}${query}`, body }));
    }
  }
  const stored = await client.call({ method: "GET", path: policies });
  for (const { metadata, spec } of stored.object.items ?? []) {
    const path = `${policies}/${metadata?.name}`;
    for (const body of [
      { metadata: { labels: { a: "b" } } },
      { spec: { ...spec, ingress: [{}] } },
    ]) {
      const contentType = "application/merge-patch+json";
      done.push(await client.call({ method: "PATCH", path, body, contentType }));
    }
  }
  done.push(await client.call({ method: "DELETE", path: policies }));
  return done;
}

test("the API server finds no answer of the webhooks malformed, late or missing", async () => {
  const before = await read();
  const done = await exercise();
  const after = await read();
  const grown = (name: string): Readonly<Record<string, number>> =>
    growth(before[name] ?? [], after[name] ?? []);

  // Both verdicts, and all four webhooks, took part.
  expect(done.filter(({ status }) => status < 300).length).toBeGreaterThan(50);
  expect(done.filter(({ status }) => status === 403).length).toBeGreaterThan(10);
  expect(done.filter(({ status }) => status >= 500).map(({ message }) => message)).toEqual([]);
  const asked = Object.keys(grown(requests)).join("\n");
  for (const webhook of ["validate", "gate", "mutate", "namespaces"]) {
    expect(asked).toContain(`name=${webhook}.ringfence.dev`);
  }
  const kinds = Object.keys(grown(rejections)).map((key) => /error_type=\S+/.exec(key)?.[0]);
  expect(new Set(kinds)).toEqual(new Set(["error_type=no_error"]));
  expect(grown(failOpen)).toEqual({});
  // A policy that denies counts as invalid; one that does not compile or costs too much does not.
  const errors = Object.keys(grown(policyChecks)).map((key) => /error_type=\S+/.exec(key)?.[0]);
  expect(["error_type=no_error", "error_type=invalid_error"]).toEqual(
    expect.arrayContaining([...new Set(errors)]),
  );
});

test("no decision of Ringfence's came with an error", () => {
  const decisions = ringfence.lines().filter(({ msg }) => msg === "decision");
  expect(decisions.length).toBeGreaterThan(50);
  expect(decisions.filter(({ err }) => err !== undefined)).toEqual([]);
});
