import { type Port, protocols } from "../ports.ts";
import type { Selector } from "../selector.ts";
import type { Ranges } from "./address.ts";
import type { Policy } from "./policy.ts";

export type Labels = ReadonlyMap<string, string>;

/** Each label key that some selector asks for, with the values it asks for. */
type Terms = Map<string, Set<string>>;

/**
 * All that NetworkPolicies tell pods apart by. Pods that differ in nothing of it are treated the
 * same by every network plugin.
 */
export type Vocabulary = {
  readonly podLabels: ReadonlyMap<string, ReadonlySet<string>>;
  readonly namespaceLabels: ReadonlyMap<string, ReadonlySet<string>>;
  /** As `portKey` writes them. */
  readonly portNames: ReadonlySet<string>;
  readonly blocks: readonly Ranges[];
};

/** Stands for every value that no selector asks for; no label can have it. */
const other = "\0";

/** Everything that the policies mention. */
export function vocabularyOf(policies: readonly Policy[]): Vocabulary {
  const podLabels: Terms = new Map();
  const namespaceLabels: Terms = new Map();
  const portNames = new Set<string>();
  const blocks: Ranges[] = [];
  for (const { model, rules } of policies) {
    collect(podLabels, model.subject);
    for (const { peers = [], ports } of rules) {
      for (const protocol of protocols) {
        for (const port of ports[protocol].names) portNames.add(portKey({ protocol, port }));
      }
      for (const peer of peers) {
        if (peer.kind === "addresses") {
          blocks.push(peer);
          continue;
        }
        collect(podLabels, peer.pods);
        if (peer.namespaces !== "own") collect(namespaceLabels, peer.namespaces);
      }
    }
  }
  return { podLabels, namespaceLabels, portNames, blocks };
}

/** One text for a port name of a protocol. */
export function portKey({ protocol, port }: Port): string {
  return `${protocol}/${port}`;
}

/** The labels that the terms tell apart. */
export function project(
  labels: Iterable<readonly [string, string]>,
  terms: ReadonlyMap<string, ReadonlySet<string>>,
): Labels {
  const kept = new Map<string, string>();
  for (const [key, value] of labels) {
    const values = terms.get(key);
    if (values !== undefined) kept.set(key, values.has(value) ? value : other);
  }
  return kept;
}

function collect(terms: Terms, { keys }: Selector): void {
  for (const [key, { values }] of keys) {
    const known = terms.get(key) ?? new Set();
    terms.set(key, known);
    for (const value of values) known.add(value);
  }
}
