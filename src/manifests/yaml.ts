import { type Document, parseAllDocuments } from "yaml";
import { convert } from "./convert.ts";
import type { Manifest, ManifestDocument, Unreadable } from "./document.ts";
import { UnreadableError } from "./unreadable.ts";

/** Reads any YAML between two offsets; a document that cannot be read does not hide the others. */
export function readYAML(text: string, start: number, end: number): Manifest {
  const documents: ManifestDocument[] = [];
  const unreadable: Unreadable[] = [];
  for (const parsed of parse(text.slice(start, end), start)) {
    if ("message" in parsed) {
      unreadable.push(parsed);
      continue;
    }
    const read = readDocument(parsed, start);
    if (read === undefined) continue;
    if ("message" in read) unreadable.push(read);
    else documents.push(read);
  }
  return { documents, unreadable };
}

function parse(text: string, start: number): readonly (Document.Parsed | Unreadable)[] {
  try {
    // Plain scalars stay texts: what they mean to Kubernetes is decided by `resolvePlain`.
    return [
      ...parseAllDocuments(text, {
        schema: "failsafe",
        prettyErrors: false,
        // `yes` and "yes" are two keys; `convert` knows.
        uniqueKeys: false,
      }),
    ];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ offset: start, message: "is nested too deeply" }];
  }
}

function readDocument(
  document: Document.Parsed,
  start: number,
): ManifestDocument | Unreadable | undefined {
  const [error] = document.errors;
  if (error !== undefined) {
    return { offset: start + error.pos[0], message: `is not valid YAML: ${error.message}` };
  }
  const { contents, range } = document;
  // Nothing but comments.
  if (contents === null || isNothing(contents)) return undefined;
  try {
    const { root, marks } = convert(contents, start);
    return {
      value: root,
      offset: start + contents.range[0],
      end: start + range[2],
      marked: () => ({ root, marks }),
    };
  } catch (failure) {
    if (failure instanceof RangeError) return { offset: start, message: "is nested too deeply" };
    if (!(failure instanceof UnreadableError)) throw failure;
    return { offset: failure.offset, message: failure.message };
  }
}

function isNothing(contents: Document.Parsed["contents"]): boolean {
  if (contents === null || !("source" in contents) || !("type" in contents)) return false;
  const { anchor, tag, source, type } = contents;
  return type === "PLAIN" && source === "" && anchor === undefined && tag === undefined;
}
