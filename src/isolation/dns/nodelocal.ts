import { isIP } from "node:net";
import type { EgressRule, LabelSelector, Peer, Port } from "../../api/networkpolicy.ts";
import { namespaceNameLabel } from "../../api/names.ts";
import type { DaemonSet } from "./seen.ts";

/** The cache listens there, on every address that it is given. */
const ports: readonly Port[] = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
];

/**
 * A node-local DNS cache is known by its flag `-localip`, which lists the addresses that it serves
 * on every node: one of its own and, where it stands in for the DNS Service, that Service's too.
 * In the network of the node only an address can allow it; with a network of its own (where the
 * network plugin redirects to it) its pods can.
 */
export function fromNodeLocalCaches(daemonSets: readonly DaemonSet[]): readonly EgressRule[] {
  const caches = daemonSets.filter((daemonSet) => localAddresses(daemonSet) !== undefined);
  const addresses = new Set(
    caches.filter(isOnHost).flatMap((daemonSet) => localAddresses(daemonSet) ?? []),
  );
  const blocks: Peer[] = [...addresses].toSorted().map((address) => ({
    ipBlock: { cidr: `${address}/${isIP(address) === 4 ? 32 : 128}` },
  }));
  const pods = caches.filter((cache) => !isOnHost(cache)).flatMap(podsOf);
  const to = [...blocks, ...pods];
  return to.length > 0 ? [{ to, ports }] : [];
}

function isOnHost({ spec }: DaemonSet): boolean {
  return spec?.template?.spec?.hostNetwork === true;
}

/** The valid addresses among those of the flag; undefined without the flag. */
function localAddresses({ spec }: DaemonSet): readonly string[] | undefined {
  for (const { command, args } of spec?.template?.spec?.containers ?? []) {
    const words = [...(command ?? []), ...(args ?? [])];
    const at = words.findIndex((word) => /^--?localip(=|$)/.test(word));
    if (at === -1) continue;
    const flag = words[at] ?? "";
    const value = flag.includes("=") ? flag.slice(flag.indexOf("=") + 1) : (words[at + 1] ?? "");
    return (
      value
        .split(",")
        .map((address) => address.trim())
        // An address with a zone is none for a policy, a placeholder that nobody replaced neither.
        .filter((address) => isIP(address) > 0 && !address.includes("%"))
    );
  }
  return undefined;
}

function podsOf({ metadata, spec }: DaemonSet): readonly Peer[] {
  const selector: LabelSelector = spec?.selector ?? {};
  const isEmpty =
    Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions ?? []).length === 0;
  if (isEmpty) return [];
  const namespaceSelector = { matchLabels: { [namespaceNameLabel]: metadata.namespace ?? "" } };
  return [{ namespaceSelector, podSelector: selector }];
}
