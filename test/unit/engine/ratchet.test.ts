import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Evaluation } from "../../../src/engine/finding.ts";
import { evaluateUpdate } from "../../../src/engine/ratchet.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

type Level = "baseline" | "restricted";

function update(before: object, after: object, level: Level): Evaluation {
  return evaluateUpdate(defaultParameters, before, after, {
    namespace: "shop",
    level,
    version: "v1",
  });
}

function policy(spec: string, annotations: Record<string, string> = {}): object {
  const fields: object = parse(spec);
  return {
    metadata: { name: "np", annotations },
    spec: {
      podSelector: { matchLabels: { app: "web" } },
      policyTypes: ["Ingress", "Egress"],
      ...fields,
    },
  };
}

/** What an update from one spec to another is refused for. */
function refused(before: string, after: string, level: Level = "baseline"): readonly string[] {
  return update(policy(before), policy(after), level).findings.map(
    ({ rule, path, witness }) => `${rule} ${path}${witness === undefined ? "" : `: ${witness}`}`,
  );
}

function egressTo(peers: string): string {
  return `egress: [{to: [${peers}], ports: [{port: 443}]}]`;
}

function ingressFrom(namespaceSelector: string): string {
  return `ingress: [{from: [{namespaceSelector: ${namespaceSelector}}], ports: [{port: 80}]}]`;
}

function egressOn(cidr: string, port: number): string {
  return `egress: [{to: [{ipBlock: {cidr: ${cidr}}}], ports: [{port: ${port}}]}]`;
}

function blockOf(cidr: string): string {
  return `{ipBlock: {cidr: ${cidr}}}`;
}

const stranger = 'a pod without labels in a namespace "stranger" without labels';

describe("an update", () => {
  it("passes when neither the spec nor a weakening annotation changes, even if nothing can be judged", () => {
    const old = policy("ingress: [{}]", { note: "old" });
    expect(update(old, policy("ingress: [{}]", { note: "new" }), "restricted")).toEqual({
      findings: [],
      notes: [],
    });
    const odd = policy("policyTypes: [Sideways]", { note: "old" });
    expect(update(odd, policy("policyTypes: [Sideways]"), "restricted")).toEqual({
      findings: [],
      notes: [],
    });
  });

  it("is judged when a weakening annotation is added, and only then", () => {
    const key = "ovn.kubernetes.io/network_policy_enforcement";
    const weak = policy("{}", { [key]: "lax" });
    expect(update(policy("{}"), weak, "baseline").findings.map(({ rule }) => rule)).toEqual([
      "no-weakening-annotation",
    ]);
    expect(
      update(weak, policy("{ingress: [{from: [{podSelector: {}}]}]}", { [key]: "lax" }), "baseline")
        .findings,
    ).toEqual([]);
  });

  it("passes when a bad rule is narrowed: fewer ports, fewer pods, fewer addresses", () => {
    expect(refused("ingress: [{}]", "ingress: [{ports: [{port: 80}]}]")).toEqual([]);
    expect(
      refused(
        "ingress: [{}]",
        "ingress: [{from: [{namespaceSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0'}}]}]",
        "restricted",
      ),
    ).toEqual([]);
    expect(refused("podSelector: {}\ningress: [{}]", "ingress: [{}]", "restricted")).toEqual([]);
    expect(
      refused(
        "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]",
        "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: http}]}]",
        "restricted",
      ),
    ).toEqual([]);
  });

  it("passes when everyone is spelled out by peers, and back", () => {
    const peers =
      "ingress: [{from: [{namespaceSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0'}}]}]";
    expect(refused(peers, "ingress: [{}]", "restricted")).toEqual([]);
  });

  it("is refused for a further port", () => {
    expect(
      refused("ingress: [{ports: [{port: 80}]}]", "ingress: [{ports: [{port: 80}, {port: 81}]}]"),
    ).toEqual([`no-anyone spec.ingress[0]: ${stranger} gets in on TCP 81`]);
  });

  it("is refused for a further pod that the policy selects", () => {
    expect(
      refused(
        "ingress: [{ports: [{port: 80}]}]",
        "podSelector: {}\ningress: [{ports: [{port: 80}]}]",
      ),
    ).toEqual([`no-anyone spec.ingress[0]: ${stranger} gets in on TCP 80`]);
  });

  it("is refused for an address that was not admitted, named as the witness", () => {
    const before = ["10.0.0.0/16", "10.2.0.0/16", "10.4.0.0/16", "10.6.0.0/16"]
      .map(blockOf)
      .join(", ");
    expect(
      refused(egressTo(before), egressTo(`${before}, ${blockOf("10.8.0.0/16")}`), "restricted"),
    ).toEqual([
      "no-broad-addresses spec.egress[0].to[4].ipBlock: TCP 443 of 10.8.0.1 can be reached",
    ]);
  });

  it("is refused at restricted for strangers with labels where those without were admitted already", () => {
    const before = ingressFrom("{matchExpressions: [{key: team, operator: NotIn, values: [x]}]}");
    expect(refused(before, ingressFrom("{}"), "baseline")).toEqual([]);
    expect(refused(before, ingressFrom("{}"), "restricted")).toEqual([
      'no-forgeable-selectors spec.ingress[0].from[0].namespaceSelector: a pod without labels in a namespace "stranger" labelled team=x gets in on TCP 80',
    ]);
  });

  it("is refused for rules of a direction that did not take effect before", () => {
    const rules = "egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: 80}]}]";
    expect(refused(`policyTypes: [Ingress]\n${rules}`, rules)).toEqual([
      "no-metadata-endpoint spec.egress[0].to[0].ipBlock: TCP 80 of 169.254.169.254 can be reached",
    ]);
  });

  it("compares spellings with those of the old object", () => {
    expect(refused(egressOn("010.1.0.0/16", 80), egressOn("010.1.0.0/16", 443))).toEqual([]);
    expect(refused(egressOn("010.1.0.0/16", 80), egressOn("010.2.0.0/16", 80))).toEqual([
      "no-ambiguous-address spec.egress[0].to[0].ipBlock.cidr",
    ]);
  });

  it("takes an old object that cannot be judged for one that admitted nothing", () => {
    expect(refused("policyTypes: [Ingress, Sideways]\ningress: [{}]", "ingress: [{}]")).toEqual([
      `no-anyone spec.ingress[0]: ${stranger} gets in on TCP 1`,
    ]);
  });

  it("to something that cannot be judged is unjudged", () => {
    const { unjudged } = update(policy("{}"), policy("policyTypes: [Sideways]"), "baseline");
    expect(unjudged?.path).toBe("spec.policyTypes[0]");
  });

  it("is never refused at privileged", () => {
    const how = { namespace: "shop", level: "privileged", version: "v1" } as const;
    expect(evaluateUpdate(defaultParameters, policy("{}"), policy("ingress: [{}]"), how)).toEqual({
      findings: [],
      notes: [],
    });
  });
});
