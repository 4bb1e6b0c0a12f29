import type { Answered, RawRequest } from "./rawclient.ts";

/** Every way to store a change of an object that exists. */
export const forms = [
  "replace",
  "merge patch",
  "JSON patch",
  "strategic merge patch",
  "server-side apply with force",
] as const;
export type Form = (typeof forms)[number];

/** Metadata and spec as a merge patch names them; null removes. */
export type Changes = { readonly metadata?: object; readonly spec?: object };

/** The request that makes the changes to an object in one of the ways. */
export function write(
  form: Form,
  path: string,
  current: Answered,
  changes: Changes,
  query = "",
): RawRequest {
  const patch = (type: string, body: object, more = query): RawRequest => {
    const contentType = `application/${type}`;
    return { method: "PATCH", path: `${path}${more}`, body, contentType };
  };
  if (form === "replace") {
    return { method: "PUT", path: `${path}${query}`, body: merged(current, changes) };
  }
  if (form === "merge patch") return patch("merge-patch+json", changes);
  if (form === "strategic merge patch") return patch("strategic-merge-patch+json", changes);
  if (form === "JSON patch") return patch("json-patch+json", operations(current, changes));
  const { apiVersion, kind, metadata } = current;
  const body = {
    apiVersion,
    kind,
    ...changes,
    metadata: { name: metadata?.name, ...changes.metadata },
  };
  const forced = `${query === "" ? "?" : `${query}&`}fieldManager=mallory&force=true`;
  return patch("apply-patch+yaml", body, forced);
}

/** What a JSON merge patch makes of a value. */
function merged(current: unknown, change: unknown): object {
  const result: Record<string, unknown> = { ...asRecord(current) };
  for (const [key, value] of Object.entries(asRecord(change))) {
    if (value === null) delete result[key];
    else result[key] = isRecord(value) ? merged(result[key], value) : value;
  }
  return result;
}

/** Replaces each part of metadata and spec that changes as a whole. */
function operations(current: Answered, changes: Changes): readonly object[] {
  const after = asRecord(merged(current, changes));
  return Object.entries(changes).flatMap(([part, change]) =>
    Object.keys(asRecord(change)).map((key) => {
      const value = asRecord(after[part])[key];
      const path = `/${part}/${key}`;
      return value === undefined ? { op: "remove", path } : { op: "add", path, value };
    }),
  );
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
