import { bits, type Family } from "./address.ts";
import type { Meter } from "./meter.ts";
import { everyone, type PodPeer, type PolicyRule } from "./model.ts";
import { emptyPorts, type PortSet, type Protocol, unite } from "./ports.ts";
import { normalKey } from "./selector.ts";
import { type Span, type Spans, union } from "./spans.ts";
import { wholeOnAddresses, wholeTogether } from "./wholes.ts";

/** Pods or addresses, with the ports on which they were admitted. */
export type OldPods = { readonly peer: PodPeer; readonly ports: PortSet };
export type OldAddresses = { readonly set: Spans; readonly ports: PortSet };

/** What an earlier version of the policy admitted in one direction, indexed for comparison. */
export type Before = {
  readonly pods: readonly OldPods[];
  readonly addresses: { readonly [F in Family]: readonly OldAddresses[] };
  /** The ports on which the very same pods were admitted. */
  readonly portsOfPods: (peer: PodPeer) => PortSet;
  /** The ports on which everyone was admitted by one rule. */
  readonly portsOfEveryone: PortSet;
  /** Protocols that several rules opened together: who was admitted by each has every name too. */
  readonly wholes: ReadonlySet<Protocol>;
};

/** Every address of a family. */
export function everyAddress(family: Family): Spans {
  return [{ lo: 0n, hi: (1n << BigInt(bits[family])) - 1n }];
}

/**
 * Indexes the rules of one direction; an empty list is "there was nothing before". The meter pays
 * for telling on which addresses rules opened a whole protocol together.
 */
export function indexBefore(rules: readonly PolicyRule[], meter: Meter): Before {
  const pods: OldPods[] = [];
  const addresses: { readonly [F in Family]: OldAddresses[] } = { 4: [], 6: [] };
  const byKey = new Map<string, PortSet[]>();
  const remember = (key: string, ports: PortSet) => {
    const list = byKey.get(key) ?? [];
    list.push(ports);
    byKey.set(key, list);
  };
  for (const { peers, ports } of rules) {
    if (peers === undefined) {
      pods.push({ peer: everyone, ports });
      for (const family of [4, 6] as const)
        addresses[family].push({ set: everyAddress(family), ports });
      remember("everyone", ports);
    }
    const spans: { readonly [F in Family]: Span[] } = { 4: [], 6: [] };
    for (const peer of peers ?? []) {
      if (peer.kind === "pods") {
        pods.push({ peer, ports });
        remember(keyOfPods(peer), ports);
      } else {
        spans[peer.block.family].push(...peer.block.spans);
      }
    }
    for (const family of [4, 6] as const) {
      if (spans[family].length > 0) addresses[family].push({ set: union(spans[family]), ports });
    }
  }
  const wholes = wholeTogether(rules.map(({ ports }) => ports));
  for (const family of [4, 6] as const) {
    addresses[family].push(...wholeOnAddresses(addresses[family], wholes, meter));
  }
  const united = new Map<string, PortSet>();
  const portsOf = (key: string) => {
    const ports = united.get(key) ?? unite(byKey.get(key) ?? [emptyPorts]);
    united.set(key, ports);
    return ports;
  };
  return {
    pods,
    addresses,
    portsOfPods: (peer) => portsOf(keyOfPods(peer)),
    portsOfEveryone: portsOf("everyone"),
    wholes,
  };
}

/** Equal for peers whose selectors mean the same. */
export function keyOfPods({ namespaces, pods }: PodPeer): string {
  return `${namespaces === "own" ? namespaces : normalKey(namespaces)}/${normalKey(pods)}`;
}
