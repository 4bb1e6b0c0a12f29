import type { ManifestDocument } from "./document.ts";

type Fields = { readonly [field: string]: unknown };

/** An object of the API as it stands in a document; it may be an item of a list there. */
export type ManifestObject = {
  readonly apiVersion: string;
  readonly kind: string;
  /** As written, with what a typed list says about each of its items. */
  readonly value: Fields;
  readonly document: ManifestDocument;
  /** The steps from the document's root. */
  readonly at: readonly string[];
};

/** A value that is no object of the API, and why. */
export type NoObject = {
  readonly document: ManifestDocument;
  readonly at: readonly string[];
  readonly reason: string;
};

/** The objects of one document, the items of lists each by itself. */
export function objectsOf(document: ManifestDocument): readonly (ManifestObject | NoObject)[] {
  return unwrap(document, document.value, [], {});
}

/** Lists inside of lists are read, but not for ever. */
const maxSteps = 20;

function unwrap(
  document: ManifestDocument,
  value: unknown,
  at: readonly string[],
  implied: Fields,
): readonly (ManifestObject | NoObject)[] {
  if (!isFields(value)) return [{ document, at, reason: `is ${nounOf(value)}, no object` }];
  const object = complete(value, implied);
  const apiVersion = own(object, "apiVersion");
  const kind = own(object, "kind");
  if (typeof apiVersion !== "string" || typeof kind !== "string" || kind === "") {
    return [{ document, at, reason: "has no apiVersion and kind: not a Kubernetes object" }];
  }
  const items = own(object, "items");
  const isList = kind.endsWith("List") && (items === undefined || Array.isArray(items));
  if (!isList || at.length > maxSteps) return [{ apiVersion, kind, value: object, document, at }];
  const each = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
  const list: readonly unknown[] = Array.isArray(items) ? items : [];
  return list.flatMap((item, index) =>
    unwrap(document, item, [...at, "items", String(index)], each),
  );
}

/** An item of a typed list need not say what it is. */
function complete(value: Fields, implied: Fields): Fields {
  const missing = Object.entries(implied).filter(([field]) => !Object.hasOwn(value, field));
  return missing.length === 0 ? value : { ...Object.fromEntries(missing), ...value };
}

/** A field of the object itself, whatever else objects inherit. */
export function own(object: unknown, field: string): unknown {
  return isFields(object) && Object.hasOwn(object, field) ? object[field] : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nounOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
