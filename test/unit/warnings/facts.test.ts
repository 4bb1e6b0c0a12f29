import { describe, expect, it } from "vitest";
import { factsOf } from "../../../src/warnings/facts.ts";

const how = { complete: false, namespace: "default" };
const template = {
  metadata: { labels: { app: "web" } },
  spec: {
    initContainers: [{ ports: [{ containerPort: 15_000 }] }],
    containers: [{ ports: [{ name: "http", containerPort: 80 }] }, { name: "sidecar" }],
  },
};
const known = {
  labels: new Map([["app", "web"]]),
  ports: [
    { name: "http", port: 80, protocol: "TCP" },
    { name: undefined, port: 15_000, protocol: "TCP" },
  ],
};

describe("facts of objects", () => {
  it.each([
    ["apps/v1", "Deployment", { template }],
    ["apps/v1", "ReplicaSet", { template }],
    ["apps/v1", "StatefulSet", { template }],
    ["apps/v1", "DaemonSet", { template }],
    ["batch/v1", "Job", { template }],
    ["batch/v1", "CronJob", { jobTemplate: { spec: { template } } }],
  ])("reads the pods of a %s %s", (apiVersion, kind, spec) => {
    const object = { apiVersion, kind, metadata: { name: "web", namespace: "shop" }, spec };
    expect(factsOf([object], how).pods).toEqual(new Map([["shop", [known]]]));
  });

  it("reads pods, namespaces and services", () => {
    const facts = factsOf(
      [
        { apiVersion: "v1", kind: "Pod", ...template },
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team: "a" } } },
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "web" },
          spec: {
            selector: { app: "web" },
            ports: [
              { port: 80, targetPort: "http" },
              { port: 53, protocol: "UDP" },
              { port: 54, targetPort: 0 },
              { port: 55, protocol: "QUIC" },
            ],
          },
        },
      ],
      how,
    );
    expect(facts).toEqual({
      complete: false,
      pods: new Map([["default", [known]]]),
      namespaces: new Map([
        [
          "shop",
          new Map([
            ["team", "a"],
            ["kubernetes.io/metadata.name", "shop"],
          ]),
        ],
      ]),
      services: new Map([
        [
          "default",
          [
            {
              name: "web",
              selector: new Map([["app", "web"]]),
              ports: [
                { protocol: "TCP", port: 80, targetPort: "http" },
                { protocol: "UDP", port: 53, targetPort: 53 },
                { protocol: "TCP", port: 54, targetPort: 54 },
              ],
            },
          ],
        ],
      ]),
    });
  });

  it("says nothing of other kinds, of Services that translate nothing, and of what cannot be read", () => {
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "web" } };
    const selector = { app: "web" };
    const facts = factsOf(
      [
        null,
        "text",
        [],
        { apiVersion: "serving.knative.dev/v1", kind: "Service", spec: { selector } },
        { ...service, spec: null },
        { ...service, spec: { selector: { app: 1 } } },
        { ...service, spec: { selector, clusterIP: "None" } },
        { ...service, spec: { selector, type: "ExternalName" } },
        { apiVersion: "example.org/v1", kind: "Deployment", spec: { template } },
      ],
      how,
    );
    expect(facts).toEqual({
      complete: false,
      pods: new Map(),
      namespaces: new Map(),
      services: new Map(),
    });
  });
});
