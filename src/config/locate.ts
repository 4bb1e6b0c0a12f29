import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter } from "yaml";

/** The line of the deepest part of the path that stands in the file. */
export function lineOf(
  document: Document.Parsed,
  at: readonly string[],
  lines: LineCounter,
): number | undefined {
  let offset = document.contents?.range[0];
  let node: unknown = document.contents;
  for (const segment of at) {
    const step = child(node, segment);
    if (step === undefined) break;
    offset = step.offset ?? offset;
    node = step.node;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

function child(
  node: unknown,
  segment: string,
): { readonly offset?: number | undefined; readonly node: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segment)];
    return item === undefined ? undefined : { offset: startOf(item), node: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
  return pair === undefined ? undefined : { offset: startOf(pair.key), node: pair.value };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
