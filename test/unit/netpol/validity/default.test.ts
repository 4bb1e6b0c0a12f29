import { describe, expect, test } from "vitest";
import type { NetworkPolicySpec } from "../../../../src/api/networkpolicy.ts";
import { defaultNetworkPolicy } from "../../../../src/netpol/validity/default.ts";

function stored(spec: NetworkPolicySpec | null | undefined): unknown {
  return defaultNetworkPolicy(spec === undefined ? {} : { spec }).spec;
}

describe("a stored NetworkPolicy", () => {
  test.each([
    [undefined, ["Ingress"]],
    [null, ["Ingress"]],
    [{}, ["Ingress"]],
    [{ policyTypes: null, ingress: null, egress: null, podSelector: null }, ["Ingress"]],
    [{ policyTypes: [], egress: [], ingress: [] }, ["Ingress"]],
    [{ policyTypes: ["Egress"] }, ["Egress"]],
    [{ policyTypes: ["Ingress", "Ingress"] }, ["Ingress", "Ingress"]],
  ])("of the spec %j has the policy types %j", (spec, policyTypes) => {
    expect(stored(spec)).toEqual({ podSelector: {}, policyTypes });
  });

  test("isolates egress too when it has a rule for it", () => {
    expect(stored({ egress: [null] })).toEqual({
      podSelector: {},
      egress: [{}],
      policyTypes: ["Ingress", "Egress"],
    });
    expect(stored({ egress: [{}], policyTypes: ["Ingress"] })).toEqual({
      podSelector: {},
      egress: [{}],
      policyTypes: ["Ingress"],
    });
  });

  test("has a protocol in each entry of its ports", () => {
    const ports = [{}, { protocol: null, port: 80, endPort: 90 }, { protocol: "UDP", port: "dns" }];
    const spec = { ingress: [{ ports }], egress: [{ ports }], policyTypes: ["Ingress"] };
    const storedPorts = [
      { protocol: "TCP" },
      { protocol: "TCP", port: 80, endPort: 90 },
      { protocol: "UDP", port: "dns" },
    ];
    expect(stored(spec)).toEqual({
      podSelector: {},
      ingress: [{ ports: storedPorts }],
      egress: [{ ports: storedPorts }],
      policyTypes: ["Ingress"],
    });
  });

  test("leaves out what is empty, but not an empty selector of a peer", () => {
    const empty = { matchLabels: {}, matchExpressions: [] };
    const spec = {
      podSelector: empty,
      ingress: [
        null,
        { from: [], ports: null },
        { from: [{ podSelector: empty, namespaceSelector: null, ipBlock: null }] },
        { from: [{ namespaceSelector: empty }] },
      ],
      egress: [{ to: [{ ipBlock: { cidr: "::/0", except: [] } }] }, { to: null, ports: [] }],
    };
    expect(stored(spec)).toEqual({
      podSelector: {},
      ingress: [{}, {}, { from: [{ podSelector: {} }] }, { from: [{ namespaceSelector: {} }] }],
      egress: [{ to: [{ ipBlock: { cidr: "::/0" } }] }, {}],
      policyTypes: ["Ingress", "Egress"],
    });
  });

  test("keeps everything else as it is written", () => {
    const selector = {
      matchLabels: { app: "web", constructor: "" },
      matchExpressions: [
        { key: "a", operator: "NotIn", values: ["b"] },
        { key: "a", operator: "Exists" },
      ],
    };
    const spec = {
      podSelector: selector,
      ingress: [
        {
          ports: [{ protocol: "SCTP" }],
          from: [
            { podSelector: selector, namespaceSelector: selector },
            { ipBlock: { cidr: "010.0.0.1/8", except: ["10.1.0.0/16"] } },
            { ipBlock: { cidr: "192.0.2.0/24" } },
          ],
        },
      ],
      egress: [{ to: [{ podSelector: selector }] }],
      policyTypes: ["Egress", "Ingress"],
    };
    const metadata = { name: "web", labels: {} };
    const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
    expect(defaultNetworkPolicy(policy)).toEqual(policy);
    expect(defaultNetworkPolicy({ metadata, spec })).toEqual(policy);
  });

  test("is empty strings where a requirement or a block says null", () => {
    const spec: unknown = JSON.parse(
      '{"podSelector":{"matchLabels":{"a":null},"matchExpressions":[{"key":"a","operator":"In","values":[null]},null]}}',
    );
    expect(defaultNetworkPolicy(Object({ spec })).spec).toEqual({
      podSelector: {
        matchLabels: { a: "" },
        matchExpressions: [
          { key: "a", operator: "In", values: [""] },
          { key: "", operator: "" },
        ],
      },
      policyTypes: ["Ingress"],
    });
  });

  test("is the same when it is stored again", () => {
    const once = defaultNetworkPolicy({ spec: { egress: [{ ports: [{}] }] } });
    expect(defaultNetworkPolicy(once)).toEqual(once);
  });
});
