import type { Domain } from "../domain.ts";
import { sorted } from "../labelvalues.ts";
import type { PodPeer } from "../model.ts";
import type { Selector } from "../selector.ts";

/** Who a peer is, in words: "any pod in namespaces matching team=payments". */
export function describePeer({ namespaces, pods }: PodPeer, own: string): string {
  const some = pods.keys.size === 0 ? "any pod" : `pods matching ${describeSelector(pods)}`;
  if (namespaces === "own") return `${some} in namespace ${own}`;
  if (namespaces.keys.size === 0) return `${some} in any namespace`;
  return `${some} in namespaces matching ${describeSelector(namespaces)}`;
}

/** The selector as kubectl's `--selector` takes it. */
export function describeSelector({ keys, possible }: Selector): string {
  if (!possible) return "nothing (it contradicts itself)";
  return [...keys].flatMap(([key, domain]) => describeKey(key, domain)).join(",");
}

function describeKey(key: string, { absent, complement, values }: Domain): readonly string[] {
  const list = sorted(values);
  if (!complement) {
    if (absent) return [`!${key}`];
    return [list.length === 1 ? `${key}=${list.join("")}` : `${key} in (${list.join(",")})`];
  }
  const excluded = list.length === 0 ? [] : [`${key} notin (${list.join(",")})`];
  return absent ? excluded : [key, ...excluded];
}
