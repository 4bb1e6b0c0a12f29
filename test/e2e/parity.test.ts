import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lintTexts } from "../unit/cli/linting.ts";
import { anyPolicy } from "../unit/cli/policyobject.ts";
import { openRawClient, type RawAnswer, type RawClient } from "../support/rawclient.ts";
import { postNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

// A file knows no cluster: both are told that there are no ranges.
const parameters = "parameters: {clusterCIDRs: []}\ndefaultDeny: {newNamespaces: audit}\n";
const levels = ["privileged", "baseline", "restricted"] as const;

let client: RawClient;
let ringfence: Ringfence;
let minor: 34 | 35 | 36 | 37;
beforeAll(async () => {
  client = await openRawClient();
  const { object } = await client.call({ method: "GET", path: "/version" });
  const served: unknown = Reflect.get(object, "minor");
  const known = ([34, 35, 36, 37] as const).find((each) => String(each) === served);
  if (known === undefined) throw new Error(`no known minor: ${String(served)}`);
  minor = known;
  const configuration = `apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\n${parameters}`;
  ringfence = await startRingfence({ configuration });
  for (const level of levels) {
    await postNamespace(client, `parity-${level}`, {
      "ringfence.dev/enforce": level,
      "ringfence.dev/audit": "privileged",
      "ringfence.dev/warn": "privileged",
    });
  }
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("parity-");
});

/** What the API server says: nothing, what is invalid, or the findings of the webhook. */
function admitted({ status, message }: RawAnswer): readonly string[] {
  if (status === 201) return [];
  if (status === 400 || status === 422) return ["valid-object"];
  const findings = message.matchAll(/^\d+\. (\S+ at \S+: .*)$/gm);
  return [...findings].map(([, finding = ""]) => finding);
}

test("the API server with the webhook and lint say the same of 400 policies, at every level", async () => {
  const policies = fc.sample(anyPolicy, { numRuns: 400, seed: 4 });
  const seen = { invalid: 0, refused: 0, accepted: 0 };
  for (const policy of policies) {
    await Promise.all(
      levels.map(async (level) => {
        const path = `/apis/networking.k8s.io/v1/namespaces/parity-${level}/networkpolicies?dryRun=All&fieldValidation=Strict`;
        const answer = admitted(await client.call({ method: "POST", path, body: policy }));
        const { findings, notJudged } = await lintTexts([JSON.stringify(policy)], {
          level,
          minor,
          namespace: `parity-${level}`,
          configuration: parameters,
        });
        const isInvalid = findings.some(({ rule }) => rule === "valid-object");
        const linted = isInvalid
          ? ["valid-object"]
          : findings
              .filter(({ severity }) => severity === "error")
              .map((each) => `${each.rule} at ${each.path}: ${each.message}`);
        expect({ policy, level, answer, notJudged }).toEqual({
          policy,
          level,
          answer: linted,
          notJudged: [],
        });
        seen[isInvalid ? "invalid" : linted.length > 0 ? "refused" : "accepted"]++;
      }),
    );
  }
  expect(seen.invalid).toBeGreaterThan(50);
  expect(seen.refused).toBeGreaterThan(100);
  expect(seen.accepted).toBeGreaterThan(50);
}, 120_000);
