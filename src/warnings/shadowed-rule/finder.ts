import { bits, type Family } from "../../netpol/address.ts";
import { isListed } from "../../netpol/domain.ts";
import { distinct } from "../../netpol/labelvalues.ts";
import type { Meter } from "../../netpol/meter.ts";
import type { PodPeer, PolicyRule } from "../../netpol/model.ts";
import { firstPort, type Protocol, protocols } from "../../netpol/ports.ts";
import { findPod } from "../../netpol/search.ts";
import type { Selector } from "../../netpol/selector.ts";
import { type Crowd, everyPod } from "../cover.ts";

/** A rule, and whom it lets through. */
export type Entry = { readonly at: number; readonly rule: PolicyRule; readonly crowd: () => Crowd };

/** Finds the few rules that may cover another one, without a look at each pair. */
export type Finder = {
  /** Every rule that covers the entry is among them; in the order of the policy. */
  readonly candidates: (entry: Entry, meter: Meter) => readonly Entry[];
};

/** Every prefix length that some block has. */
type Prefixes = { readonly [F in Family]: Set<number> };

type Side = "pod" | "namespace";

/** Peers without a listed label value, and ranges of ports: found by whoever asks. */
const loose = "*";

/**
 * A rule that covers another one lets through any pod or address that the other does, on any port of
 * it. So one of each is looked up; of the two lists the shorter one is enough.
 */
export function createFinder(entries: readonly Entry[]): Finder {
  const byPeer = new Map<string, Entry[]>();
  const byPort = new Map<string, Entry[]>();
  const prefixes: Prefixes = { 4: new Set(), 6: new Set() };
  for (const entry of entries) {
    for (const tag of new Set(peerTags(entry, prefixes))) add(byPeer, tag, entry);
    for (const tag of new Set(portTags(entry.rule))) add(byPort, tag, entry);
  }
  return {
    candidates(entry, meter) {
      const ports = listsOf(byPort, portProbes(entry.rule));
      // A list of a few is short enough.
      const peers = count(ports) > 8 ? listsOf(byPeer, peerProbes(entry, prefixes, meter)) : ports;
      const lists = count(peers) < count(ports) ? peers : ports;
      if (!meter.spend(count(lists))) return [];
      return [...new Set(lists.flat())].toSorted((a, b) => a.at - b.at);
    },
  };
}

/** Of each peer one label that it asks for, with every value, or its block. */
function* peerTags({ rule, crowd }: Entry, prefixes: Prefixes): Generator<string> {
  for (const peer of crowd().pods.values()) yield* podTags(peer);
  for (const peer of rule.peers ?? []) {
    if (peer.kind !== "addresses") continue;
    const { family, prefix, network } = peer.block.cidr;
    prefixes[family].add(prefix);
    yield blockTag(family, prefix, network);
  }
}

function podTags({ pods, namespaces }: PodPeer): readonly string[] {
  const tags = listedTags("pod", pods);
  if (tags.length > 0 || namespaces === "own") return tags.length > 0 ? tags : [loose];
  const ofNamespace = listedTags("namespace", namespaces);
  return ofNamespace.length > 0 ? ofNamespace : [loose];
}

/** One key with listed values that the selector asks for, with each of them. */
function listedTags(side: Side, { keys }: Selector): readonly string[] {
  for (const [key, domain] of keys) {
    if (isListed(domain)) return distinct(domain.values).map((value) => labelTag(side, key, value));
  }
  return [];
}

/** The tags of every peer that lets one of the entry's pods, or else one of its addresses, through. */
function peerProbes({ crowd }: Entry, prefixes: Prefixes, meter: Meter): readonly string[] {
  const { pods, addresses } = crowd();
  const [peer] = pods.values();
  const pod = peer && findPod(everyPod, peer, [], meter);
  if (pod !== undefined) {
    return [
      loose,
      ...[...pod.podLabels].map(([key, value]) => labelTag("pod", key, value)),
      ...[...pod.namespaceLabels].map(([key, value]) => labelTag("namespace", key, value)),
    ];
  }
  const family = addresses[4].length > 0 ? 4 : 6;
  const address = addresses[family][0]?.lo ?? 0n;
  const probes = [...prefixes[family]].map((prefix) => {
    const host = BigInt(bits[family] - prefix);
    return blockTag(family, prefix, (address >> host) << host);
  });
  return [loose, ...probes];
}

function* portTags({ ports }: PolicyRule): Generator<string> {
  for (const protocol of protocols) {
    for (const { lo, hi } of ports[protocol].numbers) {
      yield lo === hi ? portTag(protocol, lo) : portTag(protocol, loose);
    }
    for (const name of ports[protocol].names) yield portTag(protocol, name);
  }
}

/** The tags of all ports that hold one port of the rule. */
function portProbes({ ports }: PolicyRule): readonly string[] {
  const port = firstPort(ports);
  if (port === undefined) return [];
  return [portTag(port.protocol, port.port), portTag(port.protocol, loose)];
}

function labelTag(side: Side, key: string, value: string): string {
  return `${side} ${key}=${value}`;
}

function blockTag(family: Family, prefix: number, network: bigint): string {
  return `${family} ${network}/${prefix}`;
}

function portTag(protocol: Protocol, port: bigint | string): string {
  return `${protocol} ${port}`;
}

function add(index: Map<string, Entry[]>, tag: string, entry: Entry): void {
  const list = index.get(tag);
  if (list === undefined) index.set(tag, [entry]);
  else list.push(entry);
}

function listsOf(
  index: ReadonlyMap<string, readonly Entry[]>,
  tags: readonly string[],
): readonly (readonly Entry[])[] {
  return tags.flatMap((tag) => {
    const list = index.get(tag);
    return list === undefined ? [] : [list];
  });
}

function count(lists: readonly (readonly Entry[])[]): number {
  return lists.reduce((sum, list) => sum + list.length, 0);
}
