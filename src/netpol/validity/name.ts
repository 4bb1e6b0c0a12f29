import { byteLength } from "./quote.ts";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const wrongLabel =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const wrongSubdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

/** What is wrong with a DNS subdomain (RFC 1123), which the names of objects are. */
export function wrongInSubdomain(
  text: string,
  unit: "characters" | "bytes" = "characters",
): readonly string[] {
  const pattern = `${label}(\\.${label})*`;
  return [
    ...longerThan(text, 253, unit),
    ...(isSubdomain(text) ? [] : [unlike(wrongSubdomain, pattern, ["example.com"])]),
  ];
}

/** What is wrong with a DNS label (RFC 1123), which the names of namespaces are. */
export function wrongInLabel(text: string): readonly string[] {
  const long = longerThan(text, 63, "characters");
  if (isLabel(text)) return long;
  if (isSubdomain(text)) return [...long, "must not contain dots"];
  return [...long, unlike(wrongLabel, label, ["my-name", "123-abc"])];
}

/** What is wrong with the start of a name that the server completes. */
export function wrongInPrefix(text: string): readonly string[] {
  // The server looks past a hyphen at the end, and past the byte before it.
  return wrongInSubdomain(/[\0-\x7f]-$/.test(text) ? `${text.slice(0, -2)}a` : text);
}

/** The name that a server makes of the start of one; its five characters of chance are `x` here. */
export function generatedName(start: string): string {
  let kept = "";
  for (const character of start) {
    if (byteLength(kept + character) > 58) break;
    kept += character;
  }
  return `${kept}xxxxx`;
}

/** The message that a text is longer than that, if it is. */
export function longerThan(text: string, most: number, unit: string): readonly string[] {
  return byteLength(text) > most ? [`must be no more than ${most} ${unit}`] : [];
}

/** A message with the pattern that a text must match, and examples that do. */
export function unlike(message: string, pattern: string, examples: readonly string[]): string {
  const quoted = examples.map((example) => `'${example}', `).join(" or ");
  return `${message} (e.g. ${quoted}regex used for validation is '${pattern}')`;
}

function isSubdomain(text: string): boolean {
  return text.split(".").every(isLabel);
}

function isLabel(text: string): boolean {
  return /^[-a-z0-9]+$/.test(text) && !text.startsWith("-") && !text.endsWith("-");
}
