import type { NetworkPolicy, NetworkPolicySpec } from "../../src/api/networkpolicy.ts";
import { type Cluster, compileCluster } from "../../src/netpol/exposure/cluster.ts";
import { type End, explainConnection } from "../../src/netpol/exposure/connection.ts";
import type { Pod } from "../../src/netpol/exposure/input.ts";
import { type Protocol, protocols } from "../../src/netpol/ports.ts";

export const web: Pod = {
  namespace: "shop",
  name: "web",
  labels: { app: "web" },
  ports: [{ name: "http", containerPort: 8080 }],
  addresses: ["10.0.0.1"],
  hostAddresses: ["192.168.0.1"],
};
export const api: Pod = {
  namespace: "shop",
  name: "api",
  labels: { app: "api", tier: "" },
  ports: [{ name: "http", containerPort: 9000 }],
  addresses: ["10.0.0.2"],
};
export const monitor: Pod = {
  namespace: "monitoring",
  name: "monitor",
  labels: { app: "prometheus" },
  addresses: ["10.0.1.1", "fd00::1"],
};
export const stranger: Pod = { namespace: "other", name: "stranger" };
export const host: Pod = {
  namespace: "monitoring",
  name: "host",
  labels: { app: "prometheus" },
  hostNetwork: true,
  addresses: ["192.168.0.1"],
};

/** A NetworkPolicy of `shop` by what it says. */
export function policyOf(spec: NetworkPolicySpec, name = "one", namespace = "shop"): NetworkPolicy {
  return { metadata: { name, namespace }, spec };
}

/** Three namespaces, five pods, and these NetworkPolicies. */
export function clusterOf(
  networkPolicies: readonly NetworkPolicy[],
  pods?: readonly Pod[],
): Cluster {
  return compileCluster({
    networkPolicies,
    namespaces: [
      { name: "shop", labels: { team: "shop" } },
      { name: "monitoring", labels: { team: "ops" } },
      { name: "other" },
    ],
    pods: pods ?? [web, api, monitor, stranger, host],
  });
}

/** The verdict of one connection; TCP unless said. */
export function verdict(
  cluster: Cluster,
  from: End,
  to: End,
  port: number,
  protocol: Protocol = "TCP",
) {
  return explainConnection(cluster, { from, to, port, protocol }).verdict;
}

/** Which of these connections to `web` are allowed: its sources by name, at `TCP 8080`. */
export function whoGetsIn(cluster: Cluster, port = 8080): readonly string[] {
  return [api, monitor, stranger]
    .filter((pod) => verdict(cluster, pod, web, port) === "allowed")
    .map(({ name }) => name);
}

/** Which of these ports of `web` are open to `api`: "TCP 80" and so on. */
export function openPorts(cluster: Cluster, ports: readonly number[]): readonly string[] {
  return protocols.flatMap((protocol) =>
    ports
      .filter((port) => verdict(cluster, api, web, port, protocol) === "allowed")
      .map((port) => `${protocol} ${port}`),
  );
}
