import type { Labels } from "../../src/api/meta.ts";
import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Pod, State } from "../../src/netpol/exposure/input.ts";
import { type End, sideOf } from "../oracle/reach.ts";

const names = ["shop", "kube-system", "payments", "stranger"];
const labelSets: readonly Labels[] = [{}, { app: "web" }, { "k8s-app": "kube-dns" }];

const ports = [
  { name: "http", containerPort: 8080 },
  { name: "dns", containerPort: 53, protocol: "UDP" },
];

const pods: readonly Pod[] = names.flatMap((namespace) =>
  labelSets.map((labels, index) => ({
    namespace,
    name: `pod-${index}`,
    labels,
    addresses: [`10.244.7.${names.indexOf(namespace) * 10 + index}`],
    ports,
  })),
);

const namespaces: State["namespaces"] = names.map((name) => ({
  name,
  labels: name === "payments" ? { team: "payments" } : {},
}));

const addresses = ["8.8.8.8", "10.20.30.1", "172.17.0.1", "169.254.169.254", "100.100.100.200"];
const others: readonly End[] = [
  ...pods.map((pod) => ({ pod })),
  ...[
    ...addresses,
    "168.63.129.16",
    "2600::1",
    "fd00:ec2::254",
    "fe80::1",
    "64:ff9b::a9fe:a9fe",
  ].map((address) => ({ address })),
];

const asked = [
  { protocol: "TCP", port: 80 },
  { protocol: "TCP", port: 8080 },
  { protocol: "UDP", port: 53 },
];

/** From what is surely denied to what is surely allowed. */
const order = ["denied", "not evaluated", "depends on the network plugin", "allowed"];

/**
 * Connections of a small cluster that the second policy lets through and the first one does not, or
 * not on every network plugin: `[connection, before, after]`.
 */
export function moreThan(
  first: NetworkPolicy,
  second: NetworkPolicy,
  namespace: string,
): readonly (readonly [connection: string, before: string, after: string])[] {
  const subjects = pods
    .filter((pod) => pod.namespace === "shop")
    .slice(0, 2)
    .map((pod) => Object.assign({}, pod, { namespace }));
  const stateOf = (networkPolicy: NetworkPolicy): State => ({
    pods: [...pods, ...subjects],
    namespaces,
    networkPolicies: [
      { ...networkPolicy, metadata: { ...networkPolicy.metadata, name: "np", namespace } },
    ],
  });
  const [before, after] = [stateOf(first), stateOf(second)];
  return subjects.flatMap((subject) =>
    ["Ingress", "Egress"].flatMap((type) =>
      others.flatMap((other) =>
        asked.flatMap((ask) => {
          const was = sideOf(before, subject, type, other, ask);
          const is = sideOf(after, subject, type, other, ask);
          if (order.indexOf(is) <= order.indexOf(was)) return [];
          return [
            [`${type} of ${subject.name}: ${JSON.stringify({ other, ask })}`, was, is] as const,
          ];
        }),
      ),
    ),
  );
}
