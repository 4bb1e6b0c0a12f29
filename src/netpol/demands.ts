import { type Domain, isListed, oneOf } from "./domain.ts";
import type { PodPeer } from "./model.ts";

/** Whose label it is. */
export type Side = "namespace" | "pod";

/** What a peer asks of one label. */
export type Demand = { readonly side: Side; readonly key: string; readonly domain: Domain };

/** All that a peer asks for; nothing for "own namespace" peers, which select nobody outside of it. */
export function demandsOf({ namespaces, pods }: PodPeer): readonly Demand[] | undefined {
  if (namespaces === "own") return undefined;
  return [...demandsOn("namespace", namespaces.keys), ...demandsOn("pod", pods.keys)];
}

function demandsOn(side: Side, keys: ReadonlyMap<string, Domain>): readonly Demand[] {
  return Array.from(keys, ([key, domain]) => ({ side, key, domain }));
}

/**
 * The same pods with fewer peers: those that ask for nothing but some values of one and the same
 * label become one that asks for any of them all.
 */
export function together(peers: readonly (readonly Demand[])[]): readonly (readonly Demand[])[] {
  const values: { readonly [S in Side]: Map<string, string[]> } = {
    namespace: new Map(),
    pod: new Map(),
  };
  const others = peers.filter(([first, second]) => {
    if (first === undefined || second !== undefined || !isListed(first.domain)) return true;
    const { side, key, domain } = first;
    const listed = values[side].get(key) ?? [];
    values[side].set(key, listed);
    for (const value of domain.values) listed.push(value);
    return false;
  });
  return [...unitedOn("namespace", values.namespace), ...unitedOn("pod", values.pod), ...others];
}

function unitedOn(
  side: Side,
  values: ReadonlyMap<string, readonly string[]>,
): readonly (readonly Demand[])[] {
  return [...values].map(([key, listed]) => [{ side, key, domain: oneOf(listed) }]);
}
