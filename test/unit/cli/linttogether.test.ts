import { expect, test } from "vitest";
import { brief, labelled, lintTexts, policy } from "./linting.ts";

function block(name: string, home: string, cidr: string): string {
  const from = `{from: [{ipBlock: {cidr: ${cidr}}}], ports: [{port: 443}]}`;
  return policy(name, home, `  ingress:\n    - ${from}`);
}

test("policies of one namespace are judged together, across files", async () => {
  const report = await lintTexts(
    [
      block("wider", "shop", "12.0.0.0/8"),
      block("other", "shop", "13.0.0.0/9"),
      block("third", "shop", "13.128.0.0/9"),
    ],
    { level: "baseline" },
  );
  expect(brief(report)).toEqual(["0.yaml:7:16 error no-broad-addresses shop/wider"]);
  expect(
    report.findings
      .filter(({ severity }) => severity === "error")
      .map(({ path, message }) => ({ path, message })),
  ).toEqual([
    {
      path: "spec.ingress[0].from[0].ipBlock",
      message:
        '12.0.0.0/8 together with 13.0.0.0/9 (spec.ingress[0].from[0] of NetworkPolicy "other"), 13.128.0.0/9 (spec.ingress[0].from[0] of NetworkPolicy "third") on TCP 443 is wider than /8 outside private space',
    },
  ]);
});

test("policies of different namespaces are not, nor those that the API server refuses", async () => {
  const apart = [block("one", "shop", "12.0.0.0/8"), block("two", "bank", "13.0.0.0/8")];
  expect(brief(await lintTexts(apart, { level: "baseline" }))).toEqual([]);
  const invalid = block("two", "shop", "13.0.0.0/8").replace("port: 443", "port: 70000");
  expect(
    brief(await lintTexts([block("one", "shop", "12.0.0.0/8"), invalid], { level: "baseline" })),
  ).toEqual(["1.yaml:7:56 error valid-object shop/two"]);
});

test("a policy without a namespace belongs to the others of the default one, at its level", async () => {
  const texts = [
    labelled(
      "shop",
      "ringfence.dev/enforce: privileged, ringfence.dev/audit: baseline, ringfence.dev/warn: privileged",
    ),
    block("one", "", "12.0.0.0/8"),
    block("two", "shop", "13.0.0.0/8"),
  ];
  expect(brief(await lintTexts(texts, { namespace: "shop" }))).toEqual([
    "1.yaml:7:16 warning no-broad-addresses shop/one",
  ]);
});

test("of two versions of a policy only one is judged together with the others", async () => {
  const texts = [block("one", "shop", "12.0.0.0/8"), block("one", "shop", "13.0.0.0/8")];
  const report = await lintTexts(texts, { level: "baseline" });
  expect(brief(report)).toEqual([]);
  expect(report.notes.map(({ file, message }) => [file, message])).toEqual([
    ["1.yaml", "not checked together with the namespace's others: one has the same name"],
  ]);
});
