/** One RFC 6902 operation; Ringfence never emits `test`. */
export type Operation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

export type JsonPatch = readonly Operation[];

/** A JSON pointer (RFC 6901) of the given segments; `~` and `/` are escaped. */
export function pointer(...segments: readonly (string | number)[]): string {
  return segments
    .map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}
