import { describe, expect, it } from "vitest";
import type { NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { factsOf } from "../../../src/warnings/facts.ts";
import { servicePortMismatch } from "../../../src/warnings/service-port-mismatch/warning.ts";
import { inspect, said, web } from "./inspecting.ts";

type Port = { readonly port: number; readonly targetPort?: number | string };

const api = { podSelector: { matchLabels: { app: "api" } } };
const port80: NetworkPolicySpec = {
  podSelector: web,
  ingress: [{ from: [api], ports: [{ port: 80 }] }],
};

function service(ports: readonly Port[], more: object = {}, namespace = "shop"): object {
  const spec = { selector: { app: "web" }, ports, ...more };
  return { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace }, spec };
}

function pod(labels: object, ...ports: readonly object[]): object {
  const spec = { containers: [{ ports }] };
  return { apiVersion: "v1", kind: "Pod", metadata: { namespace: "shop", labels }, spec };
}

function knowing(...objects: readonly object[]) {
  return { cluster: factsOf(objects, { complete: false, namespace: "default" }) };
}

const translating = service([{ port: 80, targetPort: 8080 }]);

describe("service-port-mismatch", () => {
  it("tells of the port of a Service before the policy's own pods", () => {
    expect(inspect(servicePortMismatch, port80, knowing(translating))).toEqual([
      {
        path: "spec.ingress[0].ports[0].port",
        message:
          '80 is the port of Service "web", but its pods listen on 8080: policies look at the port of the pod, so this opens nothing',
        fix: "Write 8080 instead of 80.",
      },
    ]);
  });

  it("tells of the port of a Service in the namespace of a peer", () => {
    const spec: NetworkPolicySpec = {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { team: "front" } },
              podSelector: web,
            },
          ],
          ports: [{ port: 5432 }, { port: 80 }],
        },
      ],
    };
    const front = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "front", labels: { team: "front" } },
    };
    const there = service([{ port: 80, targetPort: 8080 }], {}, "front");
    expect(said(servicePortMismatch, spec, knowing(front, there))).toEqual([
      'spec.egress[0].ports[1].port 80 is the port of Service "web" of namespace "front", but its pods listen on 8080: policies look at the port of the pod, so this opens nothing',
    ]);
    expect(said(servicePortMismatch, spec, knowing(there))).toEqual([]);
    expect(said(servicePortMismatch, spec, knowing(front, translating))).toEqual([]);
  });

  it("looks the name of a target up in known pods", () => {
    const named = service([{ port: 80, targetPort: "http" }]);
    const listening = pod({ app: "web" }, { name: "http", containerPort: 3000 });
    const other = pod({ app: "web" }, { name: "http", containerPort: 3001 });
    expect(inspect(servicePortMismatch, port80, knowing(named))).toEqual([]);
    expect(
      inspect(servicePortMismatch, port80, knowing(named, listening)).map(({ fix }) => fix),
    ).toEqual(["Write 3000 instead of 80."]);
    expect(inspect(servicePortMismatch, port80, knowing(named, listening, other))).toEqual([]);
  });

  it("takes the labels of known pods for those of all", () => {
    const narrower = service([{ port: 80, targetPort: 8080 }], {
      selector: { app: "web", release: "blue" },
    });
    const behind = pod({ app: "web", release: "blue" });
    const beside = pod({ app: "web", release: "green" });
    expect(said(servicePortMismatch, port80, knowing(narrower))).toEqual([]);
    expect(said(servicePortMismatch, port80, knowing(narrower, behind))).toHaveLength(1);
    expect(said(servicePortMismatch, port80, knowing(narrower, behind, beside))).toEqual([]);
  });

  it.each<readonly [string, NetworkPolicySpec, readonly object[]]>([
    ["Services that nobody knows", port80, []],
    ["a Service without translation", port80, [service([{ port: 80 }])]],
    ["a Service of another namespace", port80, [service([{ port: 80, targetPort: 1 }], {}, "x")]],
    ["a headless Service", port80, [service([{ port: 80, targetPort: 1 }], { clusterIP: "None" })]],
    [
      "a Service without a selector",
      port80,
      [service([{ port: 80, targetPort: 1 }], { selector: {} })],
    ],
    [
      "a Service for other pods",
      port80,
      [service([{ port: 80, targetPort: 1 }], { selector: { app: "x" } })],
    ],
    [
      "another protocol",
      { ...port80, ingress: [{ ports: [{ port: 80, protocol: "UDP" }] }] },
      [translating],
    ],
    ["a range", { ...port80, ingress: [{ ports: [{ port: 80, endPort: 81 }] }] }, [translating]],
    ["a name", { ...port80, ingress: [{ ports: [{ port: "http" }] }] }, [translating]],
    ["the whole namespace", { ...port80, podSelector: {} }, [translating, pod({ app: "web" })]],
    [
      "both ports in one rule",
      { ...port80, ingress: [{ ports: [{ port: 80 }, { port: 8080 }] }] },
      [translating],
    ],
    [
      "both ports in two rules for the same peer",
      {
        ...port80,
        ingress: [
          { from: [api], ports: [{ port: 80 }] },
          { from: [api], ports: [{ port: 8080 }] },
        ],
      },
      [translating],
    ],
    [
      "pods that declare the port",
      port80,
      [translating, pod({ app: "web" }, { containerPort: 80 })],
    ],
    [
      "another Service that leads to the port",
      port80,
      [translating, service([{ port: 81, targetPort: 80 }], { selector: { tier: "front" } })],
    ],
    [
      "blocks",
      {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/24" } }], ports: [{ port: 80 }] }],
      },
      [translating],
    ],
  ])("stays silent about %s", (_, spec, objects) => {
    expect(inspect(servicePortMismatch, spec, knowing(...objects))).toEqual([]);
  });

  it("takes a Service that leads to none of the pods for another's only where all pods are known", () => {
    const other = service([{ port: 80, targetPort: "http" }], { selector: { instance: "b" } });
    const mine = service([{ port: 80, targetPort: 8080 }], { selector: { instance: "a" } });
    const behind = pod({ app: "web", instance: "a" });
    const objects = [other, mine, behind];
    expect(said(servicePortMismatch, port80, knowing(...objects))).toEqual([]);
    const whole = factsOf(objects, { complete: true, namespace: "default" });
    expect(said(servicePortMismatch, port80, { cluster: whole })).toHaveLength(1);
    const both = pod({ app: "web", instance: "b" });
    const undecided = factsOf([...objects, both], { complete: true, namespace: "default" });
    expect(said(servicePortMismatch, port80, { cluster: undecided })).toEqual([]);
  });

  it("tells of a wrong port although other peers have the right one", () => {
    const spec = {
      ...port80,
      ingress: [
        { from: [api], ports: [{ port: 80 }] },
        { from: [{ ipBlock: { cidr: "192.0.2.0/24" } }], ports: [{ port: 8080 }] },
      ],
    };
    expect(said(servicePortMismatch, spec, knowing(translating))).toHaveLength(1);
  });

  it.each([
    [100, 1],
    [1000, 0],
  ])("compares a bounded number of Services and pods: of %d each it tells %d", (many, told) => {
    const named = service([{ port: 80, targetPort: "http" }]);
    const listening = pod({ app: "web" }, { name: "http", containerPort: 3000 });
    const crowd = Array.from({ length: many }, () => [named, listening]).flat();
    expect(said(servicePortMismatch, port80, knowing(...crowd))).toHaveLength(told);
  });

  it("stays silent where nothing is known of the cluster", () => {
    expect(inspect(servicePortMismatch, port80)).toEqual([]);
  });
});
