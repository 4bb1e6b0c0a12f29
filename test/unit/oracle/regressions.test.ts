import { expect, test } from "vitest";
import type { NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { parse } from "yaml";
import { standardParameters } from "../../oracle/standard.ts";
import { judgedLevels } from "../../fuzz/engine.ts";
import { disagreementsOf, type Trial } from "../../fuzz/trial.ts";

// Cases that engine and oracle once saw differently, as small as they could be made.

type Regression = {
  readonly title: string;
  /** All of them as equals, not one beside its neighbours. */
  readonly together?: true;
  readonly old?: string;
  readonly incoming: string;
  readonly neighbours: readonly string[];
};

const web = "podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]";
const all = "podSelector: {}, policyTypes: [Egress]";
const monitoring = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}";
const recipe =
  "ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16]}";

const regressions: readonly Regression[] = [
  {
    title: "a wider subject is no reason to refuse a sum of pods that were selected before",
    old: `${web}, egress: [{}]`,
    incoming: `${all}, egress: [{to: [{ipBlock: {cidr: 20.0.0.0/24}}], ports: [{port: 1512, endPort: 2024}]}]`,
    neighbours: [
      `${web}, egress: [{to: [{ipBlock: {cidr: 20.0.0.0/24}}], ports: [{port: 1000, endPort: 2023}]}]`,
    ],
  },
  {
    title: "who adds nothing to a neighbour that opens everything is no part of a sum",
    incoming: `${all}, egress: [{ports: [{port: 443}], to: [{ipBlock: {cidr: "::/0", except: ["fc00::/7", "fe80::/10"]}}]}]`,
    neighbours: [
      `${all}, egress: [{}]`,
      `${all}, egress: [{ports: [{port: 8000, endPort: 8015}], to: [{${recipe}}]}]`,
    ],
  },
  {
    title: "what a neighbour's wider selector opens already is no part of a sum",
    incoming: `${all}, egress: [{to: [{${monitoring}}], ports: [{port: 1000, endPort: 1511}]}]`,
    neighbours: [
      `${all}, egress: [{to: [{namespaceSelector: {}}]}]`,
      `${all}, egress: [{to: [{${monitoring}}], ports: [{port: 1512, endPort: 2024}]}]`,
    ],
  },
  {
    title:
      "a new block of the internet on one port is not what an old block and a neighbour exceed",
    old: `${all}, egress: [{to: [{ipBlock: {cidr: 20.0.0.0/8}}]}]`,
    incoming: `${all}, egress: [{to: [{ipBlock: {cidr: 21.0.0.0/8}}], ports: [{port: 8000}]}, {to: [{ipBlock: {cidr: 20.0.0.0/8}}]}]`,
    neighbours: [`${all}, egress: [{to: [{ipBlock: {cidr: 21.0.0.0/8}}], ports: [{port: http}]}]`],
  },
  {
    title:
      "a block of the internet on one port has no share in what two others exceed on every port",
    together: true,
    incoming: `${all}, egress: [{to: [{ipBlock: {cidr: 23.0.0.0/8}}], ports: [{port: 8008}]}]`,
    neighbours: [
      `${all}, egress: [{to: [{ipBlock: {cidr: 23.0.0.0/8}}]}]`,
      `${all}, egress: [{to: [{ipBlock: {cidr: 22.0.0.0/8}}]}]`,
    ],
  },
  {
    title: "DNS pods are known by what all requirements of a label leave together",
    incoming: `${all}, egress: [{ports: [{port: 53}], to: [{namespaceSelector: {}, podSelector: {matchExpressions: [
      {key: k8s-app, operator: In, values: [coredns, web]}, {key: k8s-app, operator: NotIn, values: [web]}]}}]}]`,
    neighbours: [],
  },
  {
    title: "rules for all numbers of a protocol together open its names as well",
    old: `${all}, egress: [{ports: [{port: 1, endPort: 32767}]}, {ports: [{port: 32768, endPort: 65535}]}]`,
    incoming: `${all}, egress: [{to: [{ipBlock: {cidr: 20.0.128.0/17}}], ports: [{port: 32768, endPort: 65535}]},
      {to: [{ipBlock: {cidr: 20.0.128.0/17}}, {${monitoring}}], ports: [{port: http}]}]`,
    neighbours: [],
  },
  {
    title: "a name is new where no number of it was open to the pods of one rule",
    old: `${all}, egress: [{to: [{${monitoring}}], ports: [{port: 1, endPort: 32767}]},
      {to: [{${monitoring}, podSelector: {matchLabels: {app: web}}}], ports: [{port: 32768, endPort: 65535}]}]`,
    incoming: `${all}, egress: [{to: [{${monitoring}}], ports: [{port: http}, {port: 1, endPort: 32767}]}]`,
    neighbours: [],
  },
  {
    title: "a neighbour's port name is open by that name, whatever its number",
    old: `${all}, egress: [{ports: [{port: 8010, endPort: 8017}]}]`,
    incoming: `${all}, egress: [{to: [{ipBlock: {cidr: 20.0.0.0/8}}], ports: [{port: 8010, endPort: 8017}]},
      {to: [{ipBlock: {cidr: 23.0.0.0/8}}], ports: [{port: http}]}]`,
    neighbours: [
      `${all}, egress: [{ports: [{port: http}]}]`,
      `${all}, egress: [{to: [{ipBlock: {cidr: 21.0.0.0/8}}]}]`,
    ],
  },
  {
    title: "labels of DNS pods are no excuse on ingress, for those who get in newly either",
    old: "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}]}]",
    incoming:
      "podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: k8s-app, operator: In, values: [kube-dns]}]}}]}]",
    neighbours: [],
  },
];

function policyOf(text: string, index: number) {
  const spec: NetworkPolicySpec = parse(`{${text}}`);
  return { metadata: { name: `np-${index}`, namespace: "shop" }, spec };
}

test.each(regressions)("$title", ({ old, together, incoming, neighbours }) => {
  const one = {
    namespace: "shop",
    networkPolicy: policyOf(incoming, 0),
    neighbours: neighbours.map((text, index) => policyOf(text, index + 1)),
    parameters: standardParameters,
  };
  const trial: Trial =
    old === undefined
      ? { mode: together ? "namespace" : "union", one }
      : { mode: "update", one, old: policyOf(old, 0), change: "another" };
  expect(judgedLevels.flatMap((level) => disagreementsOf(trial, level))).toEqual([]);
});
