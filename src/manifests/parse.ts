import type { Manifest, ManifestDocument, Unreadable } from "./document.ts";
import { readJSON } from "./json.ts";
import { readQuickly } from "./quick.ts";
import { UnreadableError } from "./unreadable.ts";

/**
 * Reads a text of YAML documents or JSON values, as kubectl reads it. Where readers of YAML differ
 * in what a text means, and for keys that are said twice, it is unreadable instead.
 */
export async function parseManifest(text: string): Promise<Manifest> {
  const documents: ManifestDocument[] = [];
  const unreadable: Unreadable[] = [];
  for (const { start, end } of split(text)) {
    const read = readPart(text, start, end) ?? (await readSlowly(text, start, end));
    documents.push(...read.documents);
    unreadable.push(...read.unreadable);
  }
  return { documents, unreadable };
}

type Part = { readonly start: number; readonly end: number };

/** The parts between document markers, which stand at the beginning of a line in any context. */
function split(text: string): readonly Part[] {
  // Directives belong to the document behind the next marker.
  if (/(?:^|\n)%/.test(text)) return [{ start: 0, end: text.length }];
  const parts: Part[] = [];
  let start = 0;
  for (const { index, 0: line } of text.matchAll(/(?<![^\n])---(?=[ \t\r\n]|$)[^\n]*\n?/g)) {
    parts.push({ start, end: index });
    // What else stands in the marker's line belongs to the document.
    const isBare = /^---[ \t]*(?:[ \t]#.*)?\r?\n?$/.test(line);
    start = isBare ? index + line.length : index;
  }
  return [...parts, { start, end: text.length }];
}

function readPart(text: string, start: number, end: number): Manifest | undefined {
  if ("{[".includes(text.charAt(firstOf(text, start, end)) || " ")) {
    const read = tryJSON(text, start, end);
    if (!("message" in read)) return read;
  }
  const read = readQuickly(text, start, end);
  if (read === undefined) return undefined;
  return { documents: read === "empty" ? [] : [read], unreadable: [] };
}

/** The library for everything else takes a while to load, and most manifests do without it. */
async function readSlowly(text: string, start: number, end: number): Promise<Manifest> {
  const { readYAML } = await import("./yaml.ts");
  const read = readYAML(text, start, end);
  const first = firstOf(text, start, end);
  if (read.unreadable.length === 0 || !/^\{\s*"/.test(text.slice(first, end))) return read;
  const asJSON = tryJSON(text, start, end);
  return "message" in asJSON ? { documents: [], unreadable: [asJSON] } : asJSON;
}

function tryJSON(text: string, start: number, end: number): Manifest | Unreadable {
  try {
    return { documents: readJSON(text, start, end), unreadable: [] };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return { offset: error.offset, message: error.message };
  }
}

function firstOf(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && " \n\r\t".includes(text.charAt(at))) at++;
  return at;
}
