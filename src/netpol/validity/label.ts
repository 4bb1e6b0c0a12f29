import { eachInvalid, type Invalid } from "./invalid.ts";
import type { Dialect } from "./minor.ts";
import { longerThan, unlike, wrongInSubdomain } from "./name.ts";

const pattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const rule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const wrongPart = unlike(rule, pattern, ["MyName", "my.name", "123-abc"]);
const wrongValue = unlike(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  `(${pattern})?`,
  ["MyValue", "my_value", "12345"],
);

/** What is wrong with a label key: a name, after an optional DNS subdomain and a slash. */
export function wrongInKey(key: string, { keyNoun, labelUnit }: Dialect): readonly string[] {
  const [first = "", second, third] = key.split("/");
  if (third !== undefined) {
    const optional = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    return [`${keyNoun} ${wrongPart} ${optional}`];
  }
  const name = second ?? first;
  const prefix = second === undefined ? [] : wrongInKeyPrefix(first, labelUnit);
  const length = name === "" ? ["must be non-empty"] : longerThan(name, 63, labelUnit);
  const inName = isLabelText(name) ? length : [...length, wrongPart];
  return [
    ...prefix.map((wrong) => `prefix part ${wrong}`),
    ...inName.map((wrong) => `name part ${wrong}`),
  ];
}

/** What is wrong with the value of a label. */
export function wrongInValue(value: string, { labelUnit }: Dialect): readonly string[] {
  const length = longerThan(value, 63, labelUnit);
  return value === "" || isLabelText(value) ? length : [...length, wrongValue];
}

/** Labels; whatever is wrong with them is said of the map. */
export function validateLabels(
  labels: ReadonlyMap<string, string> | undefined,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  const wrong: Invalid[] = [];
  for (const [key, value] of labels ?? []) {
    wrong.push(...eachInvalid(path, key, wrongInKey(key, dialect)));
    wrong.push(...eachInvalid(path, value, wrongInValue(value, dialect)));
  }
  return wrong;
}

function wrongInKeyPrefix(prefix: string, unit: Dialect["labelUnit"]): readonly string[] {
  return prefix === "" ? ["must be non-empty"] : wrongInSubdomain(prefix, unit);
}

function isLabelText(text: string): boolean {
  return /^[-A-Za-z0-9_.]+$/.test(text) && /^[A-Za-z0-9]/.test(text) && /[A-Za-z0-9]$/.test(text);
}
