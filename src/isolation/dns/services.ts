import { lookup } from "../../api/meta.ts";
import type { EgressRule, Port } from "../../api/networkpolicy.ts";
import { namespaceNameLabel } from "../../api/names.ts";
import type { EndpointSlice, Seen, Service, ServicePort } from "./seen.ts";

/** Where pods send their questions. */
const dnsPort = 53;
const serviceNameLabel = "kubernetes.io/service-name";

const knownNames = new Set(["kube-dns", "coredns", "rke2-coredns-rke2-coredns", "dns-default"]);
const knownLabels: readonly (readonly [key: string, values: readonly string[]])[] = [
  ["k8s-app", ["kube-dns", "coredns"]],
  ["app.kubernetes.io/name", ["coredns", "kube-dns", "rke2-coredns"]],
  ["eks.amazonaws.com/component", ["kube-dns", "coredns"]],
  ["dns.operator.openshift.io/owning-dns", ["default"]],
];

/** One egress rule for the pods behind each DNS Service, and why some Services gave none. */
export type FromServices = {
  readonly rules: readonly EgressRule[];
  readonly problems: readonly string[];
};

/** Reads the pods and their ports from the Services by which the cluster's DNS is known. */
export function fromServices({ services, slices }: Seen): FromServices {
  const ports = new Map<string, { readonly service: Service; readonly ports: Port[] }>();
  const problems: string[] = [];
  for (const service of services.filter(isDNS)) {
    const selected = targetsOf(service, slices);
    const problem = problemOf(service, selected);
    if (problem !== undefined) {
      problems.push(`Service ${service.metadata.namespace}/${service.metadata.name} ${problem}`);
      continue;
    }
    const key = JSON.stringify(peerOf(service));
    const known = ports.get(key) ?? { service, ports: [] };
    known.ports.push(...selected);
    ports.set(key, known);
  }
  const rules = [...ports.values()].map((found) => ({
    to: [peerOf(found.service)],
    ports: inOrder(found.ports),
  }));
  return { rules, problems: problems.toSorted() };
}

/** By name or by a label that distributions of Kubernetes give to the Service. */
function isDNS({ metadata }: Service): boolean {
  return (
    knownNames.has(metadata.name ?? "") ||
    knownLabels.some(([key, values]) => values.includes(lookup(metadata.labels, key) ?? ""))
  );
}

function problemOf({ spec }: Service, ports: readonly Port[]): string | undefined {
  // An empty selector in a policy would mean every pod of the namespace, in a Service it means none.
  if (Object.keys(spec?.selector ?? {}).length === 0) return "selects no pods";
  if (!spec?.ports?.some(isDNSPort)) return `has no port ${dnsPort} for UDP or TCP`;
  if (ports.length === 0) return `names ports that none of its pods has`;
  return undefined;
}

function isDNSPort({ port, protocol }: ServicePort): boolean {
  return port === dnsPort && ["UDP", "TCP"].includes(protocol ?? "TCP");
}

/** Policies match the port of the pod, not that of the Service. */
function targetsOf({ metadata, spec }: Service, slices: readonly EndpointSlice[]): Port[] {
  const own = slices.filter(
    (slice) =>
      slice.metadata.namespace === metadata.namespace &&
      lookup(slice.metadata.labels, serviceNameLabel) === metadata.name,
  );
  return (spec?.ports ?? []).filter(isDNSPort).flatMap((port) => {
    const protocol = port.protocol ?? "TCP";
    return numbersOf(port, own).map((number) => ({ protocol, port: number }));
  });
}

/**
 * A name is never copied: whoever owns a destination pod chooses what it means. The endpoint slices
 * tell which number it has on the pods that serve DNS now.
 */
function numbersOf(port: ServicePort, slices: readonly EndpointSlice[]): readonly number[] {
  const { targetPort } = port;
  if (typeof targetPort === "number" && targetPort > 0) return [targetPort];
  if (typeof targetPort !== "string") return port.port ? [port.port] : [];
  return slices.flatMap((slice) =>
    (slice.ports ?? [])
      .filter(
        (other) =>
          (other.name ?? "") === (port.name ?? "") &&
          (other.protocol ?? "TCP") === (port.protocol ?? "TCP"),
      )
      .flatMap(({ port: number }) => (number ? [number] : [])),
  );
}

function peerOf({ metadata, spec }: Service) {
  const selector = Object.entries(spec?.selector ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    namespaceSelector: { matchLabels: { [namespaceNameLabel]: metadata.namespace ?? "" } },
    podSelector: { matchLabels: Object.fromEntries(selector) },
  };
}

/** Without repetitions, UDP first, so that the same ports are the same text. */
function inOrder(ports: readonly Port[]): readonly Port[] {
  const unique = new Map(ports.map((port) => [`${port.protocol} ${port.port}`, port]));
  return [...unique.values()].toSorted((a, b) =>
    a.protocol === b.protocol ? Number(a.port) - Number(b.port) : a.protocol === "UDP" ? -1 : 1,
  );
}
