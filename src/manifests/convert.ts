import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar as ScalarNode,
  type YAMLMap,
} from "yaml";
import { addEntry, mark, type Marked, type Marks } from "./document.ts";
import { resolvePlain, type Scalar, spellKey } from "./scalar.ts";
import { UnreadableError } from "./unreadable.ts";

/** What may come out of aliases: enough for people, too little for a document that multiplies itself. */
const maxAliased = 100_000;

type Anchored = { readonly value: unknown; readonly size: number };

/** The state of one conversion. */
type Conversion = {
  readonly base: number;
  readonly marks: Marks;
  readonly anchors: Map<string, Anchored | "open">;
  /** Values so far, those that came through aliases counted again, and those alone. */
  size: number;
  aliased: number;
};

/** The value of a node of the YAML library, as kubectl reads it; throws an UnreadableError. */
export function convert(node: unknown, base: number): Marked {
  const conversion: Conversion = {
    base,
    marks: new Map(),
    anchors: new Map(),
    size: 0,
    aliased: 0,
  };
  return { root: read(node, conversion), marks: conversion.marks };
}

function read(node: unknown, conversion: Conversion): unknown {
  conversion.size++;
  if (isAlias(node)) return follow(node, conversion);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
  const { anchor } = node;
  if (anchor === undefined) return readNode(node, conversion);
  const before = conversion.size;
  conversion.anchors.set(anchor, "open");
  const value = readNode(node, conversion);
  conversion.anchors.set(anchor, { value, size: conversion.size - before + 1 });
  return value;
}

function follow(alias: Node & { readonly source: string }, conversion: Conversion): unknown {
  const anchored = conversion.anchors.get(alias.source);
  if (anchored === undefined) fail(alias, conversion, `has no anchor "${alias.source}"`);
  if (anchored === "open") fail(alias, conversion, `contains itself through "*${alias.source}"`);
  conversion.aliased += anchored.size;
  conversion.size += anchored.size;
  if (conversion.aliased > maxAliased) fail(alias, conversion, "grows too large through aliases");
  return anchored.value;
}

function readNode(node: Node, conversion: Conversion): unknown {
  if (isMap(node)) {
    expectTag(node, "map", conversion);
    return readMapping(node, conversion);
  }
  if (isSeq(node)) {
    expectTag(node, "seq", conversion);
    const list: unknown[] = [];
    for (const [index, item] of node.items.entries()) {
      mark(
        conversion.marks,
        list,
        index,
        startOf(item, conversion) ?? startOf(node, conversion) ?? conversion.base,
      );
      list.push(read(item, conversion));
    }
    return list;
  }
  return isScalar(node) ? readScalar(node, conversion) : null;
}

function readMapping(node: YAMLMap, conversion: Conversion): object {
  const mapping = {};
  const merged = new Set<string>();
  let isMerged = false;
  for (const { key, value } of node.items) {
    if (isScalar(key) && key.type === "PLAIN" && key.source === "<<" && key.tag === undefined) {
      if (isMerged) fail(key, conversion, "has two merge keys: readers disagree on which counts");
      isMerged = true;
      merge(mapping, merged, read(value, conversion), key, conversion);
      continue;
    }
    const name = readKey(key, conversion);
    if (Object.hasOwn(mapping, name) && !merged.delete(name)) {
      fail(key, conversion, `says ${JSON.stringify(name)} twice`);
    }
    mark(conversion.marks, mapping, name, startOf(key, conversion) ?? conversion.base);
    addEntry(mapping, name, read(value, conversion));
  }
  return mapping;
}

/** Adds what a merge key brings. Where it follows a key of its own, readers of YAML disagree. */
function merge(
  mapping: object,
  merged: Set<string>,
  value: unknown,
  at: unknown,
  conversion: Conversion,
): void {
  const sources: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const source of sources) {
    if (typeof source !== "object" || source === null || Array.isArray(source)) {
      fail(at, conversion, "merges something that is no mapping");
    }
    for (const [name, inner] of Object.entries(source)) {
      // Of several sources the first one counts.
      if (merged.has(name)) continue;
      if (Object.hasOwn(mapping, name)) {
        fail(
          at,
          conversion,
          `merges ${JSON.stringify(name)} after it was said: readers disagree on which holds`,
        );
      }
      merged.add(name);
      addEntry(mapping, name, inner);
      const offset = conversion.marks.get(source)?.get(name);
      if (offset !== undefined) mark(conversion.marks, mapping, name, offset);
    }
  }
}

function readKey(key: unknown, conversion: Conversion): string {
  const value = isAlias(key) || isScalar(key) ? read(key, conversion) : undefined;
  return spellKey(value) ?? fail(key, conversion, "has a key that is no text");
}

function readScalar(node: ScalarNode, conversion: Conversion): Scalar {
  if (node.tag !== undefined) expectTag(node, "str", conversion);
  const text = typeof node.value === "string" ? node.value : "";
  if (node.type !== "PLAIN" || node.tag !== undefined) return text;
  const value = resolvePlain(text);
  if (typeof value === "number" && !Number.isFinite(value)) {
    fail(node, conversion, "is a number that JSON does not have");
  }
  return value;
}

function expectTag(
  node: Node & { readonly tag?: string },
  name: string,
  conversion: Conversion,
): void {
  if (node.tag === undefined || node.tag === `tag:yaml.org,2002:${name}`) return;
  fail(node, conversion, `has the tag ${node.tag}, which is not read here`);
}

function startOf(node: unknown, { base }: Conversion): number | undefined {
  if (!isAlias(node) && !isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  return node.range ? base + node.range[0] : undefined;
}

function fail(node: unknown, conversion: Conversion, message: string): never {
  throw new UnreadableError(message, startOf(node, conversion) ?? conversion.base);
}
