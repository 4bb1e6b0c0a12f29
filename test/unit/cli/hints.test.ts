import { expect, test } from "vitest";
import { exitCodeOf } from "../../../src/cli/commands/lint/lint.ts";
import { inOneLine, labelled, lintTexts, policy } from "./linting.ts";

const denyAll = "  ingress: []\n";
const egress = "  policyTypes: [Egress]\n";

test("what is probably not meant is a hint, and the exit code stays 0", async () => {
  const report = await lintTexts([policy("deny-all", "shop", denyAll)]);
  expect(report.findings).toEqual([
    {
      rule: "missing-egress-type",
      severity: "hint",
      modes: [],
      path: "spec.policyTypes",
      message:
        '"deny-all" says that egress is denied, but Egress is not among the types: the pods may still reach everything',
      why: "Without policyTypes a policy isolates egress only when it has egress rules.",
      fix: "Write policyTypes: [Ingress, Egress], and allow DNS. If egress is meant to stay open, say ingress in metadata.name.",
      file: "0.yaml",
      object: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        namespace: "shop",
        name: "deny-all",
      },
      line: 4,
      column: 1,
    },
  ]);
  expect(report.summary).toMatchObject({ errors: 0, warnings: 0, hints: 1 });
  expect(exitCodeOf(report)).toBe(0);
});

test("hints are given at every level, after the findings of their policy", async () => {
  const quiet = labelled(
    "shop",
    "ringfence.dev/enforce: privileged, ringfence.dev/audit: privileged, ringfence.dev/warn: privileged",
  );
  const open = policy("deny-all", "shop", "  policyTypes: [Ingress]\n  ingress: [{}]\n");
  expect((await lintTexts([quiet, open])).findings.map(inOneLine)).toEqual([
    "1.yaml:3:12 hint misleading-name shop/deny-all",
  ]);
  expect((await lintTexts([open], { level: "privileged" })).findings.map(inOneLine)).toEqual([
    "0.yaml:3:12 hint misleading-name shop/deny-all",
  ]);
  expect((await lintTexts([open])).findings.map(inOneLine)).toEqual([
    "0.yaml:7:13 error no-anyone shop/deny-all",
    "0.yaml:3:12 hint misleading-name shop/deny-all",
  ]);
});

/** What is said of an unfinished deny-all, with a policy for egress in this namespace. */
async function hintsBeside(home: string): Promise<readonly string[]> {
  const texts = [policy("deny-all", "shop", denyAll), policy("no-way-out", home, egress)];
  return (await lintTexts(texts)).findings.map(({ rule, object }) => `${rule} ${object.name}`);
}

test("the other policies of the namespace count, in whichever file they stand", async () => {
  expect(await hintsBeside("shop")).not.toContain("missing-egress-type deny-all");
  expect(await hintsBeside("other")).toContain("missing-egress-type deny-all");
});
