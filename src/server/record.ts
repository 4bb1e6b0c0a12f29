/** True for JSON objects; their keys may be anything, `Object.prototype`'s included. */
export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
