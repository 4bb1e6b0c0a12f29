import { jsonOf, quote } from "./quote.ts";

/** One reason why an API server refuses an object: the API's own field path and wording. */
export type Invalid = { readonly path: string; readonly message: string };

/** A value that breaks a rule of its field. */
export function invalidValue(path: string, value: string | number, detail: string): Invalid {
  const shown = typeof value === "number" ? String(value) : quote(value);
  return { path, message: `Invalid value: ${shown}: ${detail}` };
}

/** The same for a value that the API shows as JSON: lists, objects and strings of a named type. */
export function invalidJSON(path: string, value: unknown, detail: string): Invalid {
  return { path, message: `Invalid value: ${jsonOf(value)}: ${detail}` };
}

/** A value that is none of those that its field can have. */
export function unsupported(path: string, value: string, supported: readonly string[]): Invalid {
  const list = supported.map(quote).join(", ");
  return { path, message: `Unsupported value: ${jsonOf(value)}: supported values: ${list}` };
}

/** A value that is missing. */
export function required(path: string, detail?: string): Invalid {
  return { path, message: withDetail("Required value", detail) };
}

/** A value that may not stand beside others. */
export function forbidden(path: string, detail: string): Invalid {
  return { path, message: withDetail("Forbidden", detail) };
}

/** A value of more bytes than its field takes. */
export function tooLong(path: string, most: number): Invalid {
  return { path, message: `Too long: may not be more than ${most} bytes` };
}

/** One invalid value for each thing that is wrong with it. */
export function eachInvalid(
  path: string,
  value: string | number,
  details: readonly string[],
): readonly Invalid[] {
  return details.map((detail) => invalidValue(path, value, detail));
}

function withDetail(text: string, detail: string | undefined): string {
  return detail === undefined ? text : `${text}: ${detail}`;
}
