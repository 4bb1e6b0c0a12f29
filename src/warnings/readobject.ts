import { type Fields, isFields } from "../netpol/wire.ts";
import { type Protocol, protocols } from "../netpol/ports.ts";

/** Where an object says it is. */
export type Place = { readonly name: string; readonly namespace: string | undefined };

export function isKind(object: Fields, apiVersion: string, kind: string): boolean {
  return object["kind"] === kind && object["apiVersion"] === apiVersion;
}

export function placeOf(object: Fields): Place {
  const metadata = fieldsOf(object["metadata"]);
  const { name, namespace } = metadata;
  return {
    name: typeof name === "string" ? name : "",
    namespace: typeof namespace === "string" && namespace !== "" ? namespace : undefined,
  };
}

/** The labels of some metadata. */
export function readLabels(metadata: unknown): Map<string, string> {
  return readStrings(fieldsOf(metadata)["labels"]);
}

/** A map of strings, less what is none. */
export function readStrings(value: unknown): Map<string, string> {
  return new Map(
    Object.entries(fieldsOf(value)).flatMap(([key, text]) =>
      typeof text === "string" ? [[key, text] as const] : [],
    ),
  );
}

/** An object, or one without fields. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The objects of a list. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** A protocol of a port; TCP where none is written. */
export function protocolOf(value: unknown): Protocol | undefined {
  return protocols.find((protocol) => protocol === (value ?? "TCP"));
}
