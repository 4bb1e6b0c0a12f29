import { vi, expect } from "vitest";
import { allowDNSPolicy } from "../../src/api/names.ts";
import type { Labels } from "./rawclientnamespaces.ts";
import type { RawAnswer, RawClient } from "./rawclient.ts";

const services = "/api/v1/namespaces/kube-system/services";
const slices = "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices";
const daemonSets = "/apis/apps/v1/namespaces/kube-system/daemonsets";

/** Puts a DNS Service with named ports into the cluster, whose pods listen on this port. */
export async function createDNS(client: RawClient, port: number): Promise<void> {
  const labels = { "k8s-app": "kube-dns" };
  const ports = [
    { name: "dns", protocol: "UDP", port: 53, targetPort: "dns" },
    { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: "dns-tcp" },
    { name: "metrics", protocol: "TCP", port: 9153, targetPort: 9153 },
  ];
  await post(client, services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", labels },
    spec: { selector: labels, ports },
  });
  await post(client, slices, {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "kube-dns-x", labels: { "kubernetes.io/service-name": "kube-dns" } },
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"] }],
    ports: [
      { name: "dns", protocol: "UDP", port },
      { name: "dns-tcp", protocol: "TCP", port },
      { name: "metrics", protocol: "TCP", port: 9153 },
    ],
  });
}

/** Changes the Service by a merge patch. */
export async function patchDNS(client: RawClient, spec: object): Promise<void> {
  const path = `${services}/kube-dns`;
  const contentType = "application/merge-patch+json";
  const answer = await client.call({ method: "PATCH", path, body: { spec }, contentType });
  if (answer.status !== 200) throw new Error(answer.message);
}

/** Puts a node-local cache into the cluster. */
export async function createCache(client: RawClient, addresses: string): Promise<void> {
  const labels = { "k8s-app": "node-local-dns" };
  const args = ["-localip", addresses, "-conf", "/etc/Corefile"];
  const spec = { hostNetwork: true, containers: [{ name: "cache", image: "cache", args }] };
  await post(client, daemonSets, {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "node-local-dns" },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
}

/** Removes all of it; what is not there does not matter. */
export async function removeDNS(client: RawClient): Promise<void> {
  const paths = [`${services}/kube-dns`, `${slices}/kube-dns-x`, `${daemonSets}/node-local-dns`];
  for (const path of paths) await client.call({ method: "DELETE", path });
}

export function companionPath(namespace: string): string {
  return `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${allowDNSPolicy}`;
}

export function getCompanion(client: RawClient, namespace: string): Promise<RawAnswer> {
  return client.call({ method: "GET", path: companionPath(namespace) });
}

/** Waits until the companion of the namespace has exactly this spec; answers it. */
export async function companionWith(
  client: RawClient,
  namespace: string,
  egress: readonly object[],
): Promise<RawAnswer["object"]> {
  return vi.waitFor(
    async () => {
      const { object } = await getCompanion(client, namespace);
      expect(object.spec).toEqual({
        podSelector: {},
        policyTypes: ["Egress"],
        ...(egress.length > 0 ? { egress } : {}),
      });
      return object;
    },
    { timeout: 10_000, interval: 50 },
  );
}

/** The rule to the pods of the Service above. */
export function toPods(port: number, labels: Labels = { "k8s-app": "kube-dns" }) {
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } };
  return {
    to: [{ namespaceSelector, podSelector: { matchLabels: labels } }],
    ports: onPort(port),
  };
}

export function toAddresses(...cidrs: readonly string[]) {
  return { to: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: onPort(53) };
}

function onPort(port: number) {
  return [
    { protocol: "UDP", port },
    { protocol: "TCP", port },
  ];
}

async function post(client: RawClient, path: string, body: object): Promise<void> {
  const { status, message } = await client.call({ method: "POST", path, body });
  if (status !== 201) throw new Error(`${path}: ${message}`);
}
