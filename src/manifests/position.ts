import type { Marked } from "./document.ts";

/** A place in a text, as editors count: from 1, columns in UTF-16 units. */
export type Position = { readonly line: number; readonly column: number };

/** A function from offsets into the text to lines and columns. */
export function createPositions(text: string): (offset: number) => Position {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= [0, ...text.matchAll(/\n/g).map(({ index }) => index + 1)];
    const line = lineAt(starts, offset);
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}

/** How many lines begin at the offset or before it. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The steps of a field path: `spec.ingress[0].from` and `metadata.labels["a.b/c"]`. */
export function stepsOf(path: string): readonly string[] {
  const steps = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[]+)/g);
  return [...steps].map(([, quoted, bracketed, plain]) => {
    if (quoted !== undefined) return String(JSON.parse(`"${quoted}"`));
    return bracketed ?? plain ?? "";
  });
}

/** The offset of the deepest part of a path that stands in the document, or `otherwise`. */
export function offsetOf(
  { root, marks }: Marked,
  steps: readonly string[],
  otherwise: number,
): number {
  let found = otherwise;
  let container: unknown = root;
  for (const step of steps) {
    if (typeof container !== "object" || container === null) return found;
    const offset = marks.get(container)?.get(Array.isArray(container) ? Number(step) : step);
    if (offset === undefined) return found;
    found = offset;
    container = Reflect.get(container, step);
  }
  return found;
}
