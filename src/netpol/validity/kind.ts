import type { Invalid } from "./invalid.ts";
import { quote } from "./quote.ts";
import { type Found, object, text } from "./schema.ts";

const version = "networking.k8s.io/v1";

/** What the server reads first, to know what it has before it. */
const typeMeta = object(
  "",
  { apiVersion: text(), kind: text() },
  String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`,
);

/** An object that says it is something else; one that says nothing is what it was sent as. */
export function validateKind(value: unknown): readonly Invalid[] {
  const found: Found = { mistyped: [], unknown: [] };
  const { apiVersion = "", kind = "" } = typeMeta.read(
    value,
    { path: "", owner: "", field: "" },
    found,
  );
  if (found.mistyped.length > 0) {
    return found.mistyped.map(({ path, message }) => ({
      path,
      message: `couldn't get version/kind; json parse error: ${message}`,
    }));
  }
  const isOtherKind = kind !== "" && kind !== "NetworkPolicy";
  if (!isOtherKind && (apiVersion === "" || apiVersion === version)) return [];
  const shownKind = quote(kind === "" ? "NetworkPolicy" : kind);
  const shownVersion = quote(apiVersion === "" ? version : apiVersion);
  return [
    {
      path: isOtherKind ? "kind" : "apiVersion",
      message: `no kind ${shownKind} is registered for version ${shownVersion}`,
    },
  ];
}
