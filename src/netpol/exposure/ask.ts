import type { Address } from "../address.ts";
import { isWhole, type PortSet, type Protocol, protocols } from "../ports.ts";
import { matches } from "../selector.ts";
import { contains } from "../spans.ts";
import { holds } from "./address.ts";
import type { FoundPod, PodClass } from "./cluster.ts";
import type { Peer, Rule } from "./policy.ts";
import type { Doubt } from "./verdict.ts";
import { portKey } from "./vocabulary.ts";

/** A port that is asked for; ICMP has none. */
export type Traffic =
  | { readonly protocol: Protocol; readonly port: number }
  | { readonly protocol: "ICMP" };

/** The other end of a connection. */
export type Other =
  | { readonly kind: "pod"; readonly found: FoundPod }
  | {
      readonly kind: "address";
      readonly address: Address;
      /** Pods on the host's network have this address too. */
      readonly ofHostPods: boolean;
    };

/** How far a peer or a port matches: certainly, not at all, or it is not for the API to say. */
export type Match = "yes" | "no" | Doubt;

/** Each peer of a rule, and how far it matches the other end. */
export function matchPeers(
  rule: Rule,
  other: Other,
): readonly { readonly path: string; readonly match: Match }[] {
  if (rule.peers === undefined) return [{ path: rule.path, match: "yes" }];
  return rule.peers.map((peer) => ({
    path: peer.path,
    match:
      other.kind === "pod"
        ? matchPod(peer, rule.policy.namespace, other.found.podClass)
        : matchAddress(peer, other.address),
  }));
}

function matchPod(peer: Peer, namespace: string, podClass: PodClass): Match {
  const { hostNetwork, addresses } = podClass;
  if (peer.kind === "pods") {
    const isWithin =
      peer.namespaces === "own"
        ? podClass.namespace === namespace
        : matches(peer.namespaces, podClass.namespaceLabels);
    if (!isWithin || !matches(peer.pods, podClass.labels)) return "no";
    return hostNetwork ? "host-network" : "yes";
  }
  // What holds for pods on the host's network is in doubt already, whatever blocks there are.
  if (hostNetwork) return "no";
  if (peer.ambiguous) return "ambiguous-address";
  if (addresses === undefined) return peer.spans.length > 0 ? "unknown-address" : "no";
  return addresses.some((address) => holds(peer, address)) ? "pod-in-block" : "no";
}

function matchAddress(peer: Peer, address: Address): Match {
  if (peer.kind === "pods") return "no";
  if (peer.ambiguous) return "ambiguous-address";
  return holds(peer, address) ? "yes" : "no";
}

/** How far the ports of a rule hold the asked one, given the names on the pod that it is on. */
export function matchPorts(
  ports: PortSet,
  traffic: Traffic,
  names: PodClass["portNames"] | undefined,
): Match {
  if (traffic.protocol === "ICMP") {
    return protocols.every((protocol) => isWhole(ports[protocol])) ? "ICMP" : "no";
  }
  const { protocol } = traffic;
  const port = BigInt(traffic.port);
  if (contains(ports[protocol].numbers, port)) return "yes";
  let match: Match = "no";
  for (const name of ports[protocol].names) {
    const numbers = names?.get(portKey({ protocol, port: name }));
    if (names !== undefined && !numbers?.includes(port)) continue;
    if (numbers?.length === 1) return "yes";
    match = "port-name";
  }
  return match;
}
