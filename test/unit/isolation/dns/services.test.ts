import { expect, test } from "vitest";
import type { Service } from "../../../../src/isolation/dns/seen.ts";
import { fromServices } from "../../../../src/isolation/dns/services.ts";
import {
  allowKubeDNS,
  dnsPorts,
  kubeDNS,
  numbered,
  pods,
  seen,
  service,
  slice,
} from "./clusters.ts";

const named = [
  { name: "dns", protocol: "UDP", port: 53, targetPort: "dns" },
  { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: "dns-tcp" },
];
const openShift: Service = {
  metadata: { name: "dns-default", namespace: "openshift-dns", labels: {} },
  spec: { selector: { "dns.operator.openshift.io/daemonset-dns": "default" }, ports: named },
};

test.each<[string, Service]>([
  ["upstream's Service", kubeDNS],
  ["a Service of that name without labels", service("kube-dns", {})],
  ["coredns by its name", service("coredns", {})],
  ["coredns by the label of old", service("dns", { "k8s-app": "coredns" })],
  ["coredns by the recommended label", service("dns", { "app.kubernetes.io/name": "coredns" })],
  ["RKE2's", service("rke2-coredns-rke2-coredns", { "app.kubernetes.io/name": "rke2-coredns" })],
  ["EKS's", service("dns", { "eks.amazonaws.com/component": "kube-dns" })],
])("%s is DNS", (_name, found) => {
  expect(fromServices(seen(found))).toEqual({ rules: allowKubeDNS, problems: [] });
});

test.each<[string, Service]>([
  ["metrics-server", service("metrics-server", { "k8s-app": "metrics-server" })],
  ["a label that only begins so", service("dns", { "k8s-app": "kube-dns-autoscaler" })],
  ["no labels at all", { metadata: { name: "dns", namespace: "kube-system" }, spec: null }],
])("%s is not DNS", (_name, other) => {
  expect(fromServices(seen(other))).toEqual({ rules: [], problems: [] });
});

test("the selector is copied whole and exactly", () => {
  const selector = { "k8s-app": "kube-dns", "app.kubernetes.io/instance": "rke2-coredns" };
  const { rules } = fromServices(seen(service("kube-dns", {}, { selector })));
  expect(rules).toEqual([{ to: [pods(selector)], ports: dnsPorts }]);
});

test("the ports are those of the pods, and of DNS alone", () => {
  const ports = [
    { name: "metrics", protocol: "TCP", port: 9153, targetPort: 9153 },
    { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: 8053 },
    { name: "dns", protocol: "UDP", port: 53, targetPort: 8054 },
    { name: "dns-sctp", protocol: "SCTP", port: 53, targetPort: 8055 },
  ];
  const { rules } = fromServices(seen(service("kube-dns", {}, { ports })));
  expect(rules[0]?.ports).toEqual([
    { protocol: "UDP", port: 8054 },
    { protocol: "TCP", port: 8053 },
  ]);
});

test("a missing target port is the port of the Service, a missing protocol TCP", () => {
  const ports = [{ port: 53 }, { port: 53, protocol: "UDP", targetPort: 0 }];
  expect(fromServices(seen(service("kube-dns", {}, { ports }))).rules).toEqual(allowKubeDNS);
});

test("a named port is resolved by the endpoint slices of that Service, by all of them", () => {
  const slices = [
    slice("dns-default", [{ name: "dns", protocol: "UDP", port: 5353 }], "openshift-dns"),
    slice(
      "dns-default",
      [
        { name: "dns", protocol: "UDP", port: 5354 },
        { name: "dns-tcp", protocol: "TCP", port: 5353 },
        { name: "metrics", protocol: "TCP", port: 9154 },
      ],
      "openshift-dns",
    ),
    slice("dns-default", [{ name: "dns", protocol: "UDP", port: 1 }], "kube-system"),
    slice("other", [{ name: "dns", protocol: "UDP", port: 2 }], "openshift-dns"),
  ];
  const found = fromServices({ services: [openShift], slices, daemonSets: [] });
  expect(found.problems).toEqual([]);
  expect(found.rules).toEqual([
    {
      to: [pods({ "dns.operator.openshift.io/daemonset-dns": "default" }, "openshift-dns")],
      ports: [
        { protocol: "UDP", port: 5353 },
        { protocol: "UDP", port: 5354 },
        { protocol: "TCP", port: 5353 },
      ],
    },
  ]);
});

test("a port of the Service without a name is one of its slices without a name", () => {
  const ports = [{ protocol: "UDP", port: 53, targetPort: "dns" }];
  const slices = [slice("kube-dns", [{ name: "", protocol: "UDP", port: 1053 }])];
  const services = [service("kube-dns", {}, { ports })];
  expect(fromServices({ services, slices, daemonSets: [] }).rules[0]?.ports).toEqual([
    { protocol: "UDP", port: 1053 },
  ]);
});

test.each<[string, Service, string]>([
  ["no selector", service("kube-dns", {}, { selector: null }), "selects no pods"],
  ["an empty selector", service("kube-dns", {}, { selector: {} }), "selects no pods"],
  [
    "no port of DNS",
    service("kube-dns", {}, { ports: [{ port: 9153 }] }),
    "has no port 53 for UDP or TCP",
  ],
  [
    "a named port that no endpoint has",
    service("kube-dns", {}, { ports: named }),
    "names ports that none of its pods has",
  ],
])("with %s a Service gives nothing, and it is said why", (_name, found, problem) => {
  expect(fromServices(seen(found))).toEqual({
    rules: [],
    problems: [`Service kube-system/kube-dns ${problem}`],
  });
});

test("Services of the same pods are one rule, of other pods another", () => {
  const upstream = service(
    "kube-dns-upstream",
    { "k8s-app": "kube-dns" },
    { ports: [{ port: 53 }] },
  );
  const other = service("coredns", {}, { selector: { app: "coredns" }, ports: numbered });
  const { rules } = fromServices(seen(kubeDNS, upstream, other));
  expect(rules).toEqual([
    { to: [pods()], ports: dnsPorts },
    { to: [pods({ app: "coredns" })], ports: dnsPorts },
  ]);
});
