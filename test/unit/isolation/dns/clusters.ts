import type {
  DaemonSet,
  EndpointSlice,
  Seen,
  Service,
} from "../../../../src/isolation/dns/seen.ts";

type Ports = NonNullable<NonNullable<Service["spec"]>["ports"]>;

export const numbered: Ports = [
  { name: "dns", protocol: "UDP", port: 53, targetPort: 53 },
  { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: 53 },
  { name: "metrics", protocol: "TCP", port: 9153, targetPort: 9153 },
];

/** A Service in kube-system. */
export function service(
  name: string,
  labels: Readonly<Record<string, string>>,
  changed: {
    readonly selector?: Readonly<Record<string, string>> | null;
    readonly ports?: Ports;
  } = {},
): Service {
  const { selector = { "k8s-app": "kube-dns" }, ports = numbered } = changed;
  return { metadata: { name, namespace: "kube-system", labels }, spec: { selector, ports } };
}

export function slice(
  of: string,
  ports: NonNullable<EndpointSlice["ports"]>,
  namespace = "kube-system",
): EndpointSlice {
  const labels = { "kubernetes.io/service-name": of };
  return { metadata: { name: `${of}-x`, namespace, labels }, ports };
}

/** A node-local cache with this flag, on the network of the node. */
export function cache(words: readonly string[], hostNetwork = true): DaemonSet {
  const selector = { matchLabels: { "k8s-app": "node-local-dns" } };
  const containers = [
    { command: [], args: ["-setupinterface", ...words, "-conf", "/etc/Corefile"] },
  ];
  return {
    metadata: { name: "node-local-dns", namespace: "kube-system", labels: {} },
    spec: { selector, template: { spec: { hostNetwork, containers } } },
  };
}

export function seen(...services: readonly Service[]): Seen {
  return { services, slices: [], daemonSets: [] };
}

export const kubeDNS = service("kube-dns", { "k8s-app": "kube-dns" });

export const dnsPorts = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
];

/** The peer of pods with this label. */
export function pods(
  matchLabels: Readonly<Record<string, string>> = { "k8s-app": "kube-dns" },
  namespace = "kube-system",
) {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels },
  };
}

export const allowKubeDNS = [{ to: [pods()], ports: dnsPorts }];
