import type { ManifestDocument, Marked, Unreadable } from "../../../manifests/document.ts";
import { type ManifestObject, type NoObject, objectsOf, own } from "../../../manifests/objects.ts";
import { parseManifest } from "../../../manifests/parse.ts";
import { createPositions, offsetOf, type Position, stepsOf } from "../../../manifests/position.ts";
import type { Source } from "./sources.ts";

/** What is in a file, with a function from its offsets to lines and columns. */
export type ReadFile = {
  readonly file: string;
  readonly at: (offset: number) => Position;
  readonly marked: (document: ManifestDocument) => Marked;
  readonly objects: readonly (ManifestObject | NoObject)[];
  readonly unreadable: readonly Unreadable[];
};

type Identity = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

/** Reads the text of a source. */
export async function readObjects({
  file,
  text,
}: Extract<Source, { text: string }>): Promise<ReadFile> {
  const { documents, unreadable } = await parseManifest(text);
  return {
    file,
    at: createPositions(text),
    marked: rememberLast(),
    objects: documents.flatMap(objectsOf),
    unreadable: isTemplate(text) ? unreadable.slice(0, 1).map(hint) : unreadable,
  };
}

/** The marks of one document: what is found in it is found in a row. */
function rememberLast(): ReadFile["marked"] {
  let last: { readonly document: ManifestDocument; readonly marked: Marked } | undefined;
  return (document) => {
    if (last?.document !== document) last = { document, marked: document.marked() };
    return last.marked;
  };
}

/** Where the field of an object stands, or the nearest thing that it would be in. */
export function positionOf(
  { at, marked }: ReadFile,
  { document, at: steps }: ManifestObject | NoObject,
  path = "",
): Position {
  return at(offsetOf(marked(document), [...steps, ...stepsOf(path)], document.offset));
}

/** The name of an object; the beginning of one where the API server chooses the rest. */
export function nameOf({ value }: ManifestObject): string {
  const metadata = own(value, "metadata");
  const name = textOf(own(metadata, "name"));
  return name === "" ? textOf(own(metadata, "generateName")) : name;
}

/** What a report says of which object is meant. */
export function identify(object: ManifestObject, namespace: string): Identity {
  const { apiVersion, kind } = object;
  return { apiVersion, kind, namespace, name: nameOf(object) };
}

/** The namespace that an object names, if any. */
export function namespaceOf({ value }: ManifestObject): string {
  return textOf(own(own(value, "metadata"), "namespace"));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Charts are full of files that look like YAML and are none yet: one message for each will do. */
function isTemplate(text: string): boolean {
  return /\{\{[^\n]*\}\}/.test(text);
}

function hint({ offset, message }: Unreadable): Unreadable {
  const advice = "render it first, as in: helm template CHART | ringfence lint -";
  return { offset, message: `${message}. It looks like a template: ${advice}` };
}
