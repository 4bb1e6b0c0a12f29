import { expect, test } from "vitest";
import { exitCodeOf } from "../../../src/cli/commands/lint/lint.ts";
import { brief, labelled, lintTexts, policy } from "./linting.ts";

const anyone = "  ingress:\n  - {}";
const team = `  ingress:
  - from:
    - namespaceSelector: {matchLabels: {team: payments}}
    ports: [{port: 8080}]`;
const closed = "  policyTypes: [Ingress, Egress]";

test("what the namespace enforces is an error, what it warns of or records is a warning", async () => {
  const report = await lintTexts([policy("a", "shop", team), policy("b", "shop", anyone)]);
  expect(brief(report)).toEqual([
    "0.yaml:8:7 warning no-forgeable-selectors shop/a",
    "1.yaml:7:5 error no-anyone shop/b",
  ]);
  expect(report.findings.map(({ modes }) => modes)).toEqual([
    ["audit", "warn"],
    [],
    ["enforce", "audit", "warn"],
  ]);
  expect(report.summary).toEqual({
    files: 2,
    judged: 2,
    errors: 1,
    warnings: 1,
    hints: 1,
    notJudged: 0,
    notEvaluated: 0,
  });
});

test("warnings alone are no failure, errors are, and what cannot be judged is worse", async () => {
  const clean = policy("a", "shop", closed);
  const warned = policy("a", "shop", team);
  const refused = policy("a", "shop", anyone);
  const codes = [[clean], [warned], [refused], [refused, "a: ["], [clean, "a: ["]].map(
    async (texts) => exitCodeOf(await lintTexts(texts)),
  );
  expect(await Promise.all(codes)).toEqual([0, 0, 1, 2, 2]);
});

test("labels of a Namespace hold for its policies, wherever it stands", async () => {
  const restricted = labelled("shop", "ringfence.dev/enforce: restricted");
  const open = labelled(
    "lab",
    "ringfence.dev/enforce: privileged, ringfence.dev/audit: privileged, ringfence.dev/warn: privileged",
  );
  const report = await lintTexts([
    `${policy("a", "shop", team)}---\n${policy("b", "lab", anyone)}---\n${policy("c", "else", team)}`,
    `${restricted}---\n${open}`,
  ]);
  expect(brief(report)).toEqual([
    "0.yaml:8:7 error no-forgeable-selectors shop/a",
    "0.yaml:26:7 warning no-forgeable-selectors else/c",
  ]);
  expect(report.summary).toMatchObject({ judged: 3, notEvaluated: 0 });
});

test("a level on the command line is enforced instead of all others", async () => {
  const texts = [
    labelled("lab", "ringfence.dev/enforce: privileged"),
    policy("a", "lab", team),
    policy("b", "shop", anyone),
  ];
  expect(brief(await lintTexts(texts, { level: "restricted" }))).toEqual([
    "1.yaml:8:7 error no-forgeable-selectors lab/a",
    "2.yaml:7:5 error no-anyone shop/b",
  ]);
  expect(brief(await lintTexts(texts, { level: "baseline" }))).toEqual([
    "2.yaml:7:5 error no-anyone shop/b",
  ]);
  expect(brief(await lintTexts(texts, { level: "privileged" }))).toEqual([]);
});

test("the configuration's defaults, parameters and exemptions hold", async () => {
  const configuration = `defaults: {enforce: restricted, audit: privileged, warn: privileged}
parameters:
  publicListeners: [{namespaces: [gate], podSelector: {}, ports: [443]}]
exemptions: {namespaces: [exempt]}
`;
  const gate = "  ingress:\n  - ports: [{port: 443}]";
  const report = await lintTexts(
    [
      policy("a", "shop", team),
      policy("b", "gate", gate),
      policy("c", "exempt", anyone),
      policy("d", "kube-system", anyone),
      policy("e", "ringfence-system", anyone),
    ],
    { configuration },
  );
  expect(brief(report)).toEqual(["0.yaml:8:7 error no-forgeable-selectors shop/a"]);
  expect(report.summary).toMatchObject({ judged: 2, notEvaluated: 3 });
  expect(report.notEvaluated.map(({ reason }) => reason)).toEqual([
    'namespace "exempt" is exempt',
    'namespace "kube-system" is exempt',
    'namespace "ringfence-system" is exempt',
  ]);
});

test("a policy without a namespace is judged in the one that the command line names", async () => {
  const texts = [labelled("shop", "ringfence.dev/enforce: restricted"), policy("a", "", team)];
  expect(brief(await lintTexts(texts))).toEqual([
    "1.yaml:8:7 warning no-forgeable-selectors default/a",
  ]);
  expect(brief(await lintTexts(texts, { namespace: "shop" }))).toEqual([
    "1.yaml:8:7 error no-forgeable-selectors shop/a",
  ]);
  const exempt = await lintTexts([policy("a", "", anyone)], { namespace: "kube-public" });
  expect(exempt.notEvaluated.map(({ object }) => object)).toEqual([
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      namespace: "kube-public",
      name: "a",
    },
  ]);
});

test("of two Namespaces with one name the stricter levels hold, and the report says so", async () => {
  const report = await lintTexts([
    labelled("shop", "ringfence.dev/enforce: restricted, ringfence.dev/warn: privileged"),
    labelled("shop", "ringfence.dev/enforce: privileged"),
    policy("a", "shop", team),
  ]);
  expect(brief(report)).toEqual(["2.yaml:8:7 error no-forgeable-selectors shop/a"]);
  expect(report.notes).toEqual([
    {
      file: "1.yaml",
      line: 1,
      column: 1,
      object: { apiVersion: "v1", kind: "Namespace", namespace: "", name: "shop" },
      message:
        'namespace "shop" is given more than once, with different levels: the stricter ones are used',
    },
  ]);
  const same = labelled("shop", "");
  expect((await lintTexts([same, same])).notes).toEqual([]);
});

test("an unreadable label is a warning, and the strictest level holds until it is corrected", async () => {
  const report = await lintTexts([
    `${labelled("shop", "ringfence.dev/enforce: strict, ringfence.dev/warn: 7")}---\n${policy("a", "shop", team)}`,
  ]);
  expect(brief(report)).toEqual([
    "0.yaml:3:33 warning unreadable-label /shop",
    "0.yaml:3:64 warning unreadable-label /shop",
    "0.yaml:12:7 error no-forgeable-selectors shop/a",
  ]);
  expect(report.findings.slice(0, 2).map(({ modes }) => modes)).toEqual([["enforce"], ["warn"]]);
});

test("an object that the API server would refuse is an error at every level", async () => {
  const misspelt = policy("a", "lab", "  ingres: []");
  const report = await lintTexts([misspelt], { level: "privileged" });
  expect(report.findings).toMatchObject([
    {
      rule: "valid-object",
      severity: "error",
      modes: ["enforce"],
      path: "spec.ingres",
      line: 6,
      column: 3,
    },
  ]);
  expect(report.findings[0]).not.toHaveProperty("level");
  expect(report.notJudged).toEqual([]);
  expect(exitCodeOf(report)).toBe(1);
});

test("what only older API servers accept depends on the minor version", async () => {
  const zeros = policy(
    "a",
    "shop",
    "  ingress:\n  - from: [{ipBlock: {cidr: 010.0.0.0/24}}]\n    ports: [{port: 80}]",
  );
  const rules = async (minor: 35 | 37) =>
    (await lintTexts([zeros], { minor, level: "baseline" })).findings.map(({ rule }) => rule);
  expect(await rules(37)).toEqual(["valid-object", "no-ambiguous-address"]);
  expect(await rules(35)).toEqual(["no-ambiguous-address"]);
});

test("every item of a list is judged, and found where it stands", async () => {
  const list = `apiVersion: v1
kind: List
items:
- ${policy("a", "shop", anyone).replaceAll("\n", "\n  ")}
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicyList
  items:
  - metadata: {name: b, namespace: shop}
    spec:
      podSelector: {}
      ingress: [{}]
`;
  expect(brief(await lintTexts([list]))).toEqual([
    "0.yaml:10:7 error no-anyone shop/a",
    "0.yaml:18:17 error no-anyone shop/b",
  ]);
});

test("whatever is not evaluated is named, other kinds of network policies above all", async () => {
  const objects = [
    ["apps/v1", "Deployment"],
    ["v1", "Namespace"],
    ["cilium.io/v2", "CiliumNetworkPolicy"],
    ["cilium.io/v2", "CiliumClusterwideNetworkPolicy"],
    ["projectcalico.org/v3", "NetworkPolicy"],
    ["crd.projectcalico.org/v1", "GlobalNetworkPolicy"],
    ["policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy"],
    ["policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy"],
    ["k8s.ovn.org/v1", "EgressFirewall"],
    ["extensions/v1beta1", "NetworkPolicy"],
  ].map(([apiVersion, kind]) => `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}}`);
  const { notEvaluated, summary } = await lintTexts([...objects, "replicas: 3", "# nothing\n"]);
  expect(notEvaluated.map(({ file, reason }) => `${file} ${reason}`)).toEqual([
    "0.yaml Deployment (apps/v1)",
    "2.yaml CiliumNetworkPolicy (cilium.io/v2): it can open traffic, too",
    "3.yaml CiliumClusterwideNetworkPolicy (cilium.io/v2): it can open traffic, too",
    "4.yaml NetworkPolicy (projectcalico.org/v3): it can open traffic, too",
    "5.yaml GlobalNetworkPolicy (crd.projectcalico.org/v1): it can open traffic, too",
    "6.yaml ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2): it can open traffic, too",
    "7.yaml BaselineAdminNetworkPolicy (policy.networking.k8s.io/v1alpha1): it can open traffic, too",
    "8.yaml EgressFirewall (k8s.ovn.org/v1): it can open traffic, too",
    "9.yaml NetworkPolicy (extensions/v1beta1): no supported version of Kubernetes serves it",
    "10.yaml has no apiVersion and kind: not a Kubernetes object",
  ]);
  expect(summary).toMatchObject({ files: 12, judged: 0, notEvaluated: 10 });
});

test("a template is one message that says how to render it", async () => {
  const template = "a: {{ .Values.a }}\n---\nb: {{ .Values.b }}\n";
  const { notJudged } = await lintTexts([template]);
  expect(notJudged).toHaveLength(1);
  expect(notJudged[0]?.message).toMatch(
    /\. It looks like a template: render it first, as in: helm template CHART \| ringfence lint -$/,
  );
});

test("an object with thousands of findings has a place for each", async () => {
  const peers = Array.from({ length: 2_000 }, () => "    - namespaceSelector: {}\n");
  const report = await lintTexts([
    policy("a", "shop", `  ingress:\n  - ports: [{port: 80}]\n    from:\n${peers.join("")}`),
  ]);
  const verdicts = report.findings.filter(({ severity }) => severity !== "hint");
  const lines = verdicts.map(({ line, column }) => `${line}:${column}`);
  expect(lines).toEqual(Array.from({ length: 2_000 }, (_, index) => `${index + 9}:7`));
});
