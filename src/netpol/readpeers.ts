import { type Block, blockOf, isStrictSubset } from "./block.ts";
import { parseCIDR, type WrittenCIDR } from "./cidr.ts";
import type { Peer } from "./model.ts";
import { everything } from "./selector.ts";
import { readSelector } from "./readselector.ts";
import { below, pathOf, type Place, readFields, readList, readString, report } from "./wire.ts";

/** Reads `from` or `to`; a missing, null or empty list (undefined) is everyone. */
export function readPeers(value: unknown, place: Place): readonly Peer[] | undefined {
  const list = readList(value, place);
  if (list.length === 0) return undefined;
  return list.flatMap((item, index) => readPeer(item, below(place, index)) ?? []);
}

function readPeer(value: unknown, place: Place): Peer | undefined {
  const fields = readFields(value, place, ["podSelector", "namespaceSelector", "ipBlock"]);
  const podSelector = fields["podSelector"] ?? undefined;
  const namespaceSelector = fields["namespaceSelector"] ?? undefined;
  const ipBlock = fields["ipBlock"] ?? undefined;
  if (ipBlock !== undefined) {
    if (podSelector !== undefined || namespaceSelector !== undefined) {
      report(place, "has both an ipBlock and a selector");
    }
    const block = readBlock(ipBlock, below(place, "ipBlock"));
    return block && { kind: "addresses", path: pathOf(place), block };
  }
  if (podSelector === undefined && namespaceSelector === undefined) {
    report(place, "must have a podSelector, a namespaceSelector or an ipBlock");
    return undefined;
  }
  return {
    kind: "pods",
    path: pathOf(place),
    namespaces:
      namespaceSelector === undefined
        ? "own"
        : readSelector(namespaceSelector, below(place, "namespaceSelector")),
    pods:
      podSelector === undefined
        ? everything
        : readSelector(podSelector, below(place, "podSelector")),
  };
}

function readBlock(value: unknown, place: Place): Block | undefined {
  const fields = readFields(value, place, ["cidr", "except"]);
  const cidr = readCIDR(fields["cidr"], place, "cidr");
  const list = below(place, "except");
  const items = readList(fields["except"], list);
  if (cidr === undefined) return undefined;
  const excepts = items.flatMap((item, index) => {
    const except = readCIDR(item, list, index);
    if (except === undefined || isStrictSubset(except, cidr)) return except ?? [];
    report(below(list, index), "must be a strict subset of cidr");
    return [];
  });
  return blockOf(cidr, excepts);
}

function readCIDR(value: unknown, place: Place, step: string | number): WrittenCIDR | undefined {
  const text = readString(value, place, step);
  if (text === undefined) return undefined;
  const cidr = parseCIDR(text);
  if (cidr === undefined) {
    report(below(place, step), "must be an address block such as 10.0.0.0/8 or fd00::/8");
  }
  return cidr;
}
